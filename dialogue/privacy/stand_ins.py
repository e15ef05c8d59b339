"""Names that stand in for those of people, places and organisations in a pseudonymised copy.

First names and surnames are among the most frequent in France, towns are real ones, and organisations and streets are
made up of common words. The lists need not be long: when one is used up, its entries are joined in pairs.
"""

FEMININE = """Adèle Agathe Agnès Alice Aline Amandine Amélie Anaïs Anne Aude Audrey Aurélie Aurore Béatrice Bénédicte
    Brigitte Capucine Carole Caroline Catherine Cécile Céline Chantal Charlotte Chloé Christelle Christine Clara
    Clémence Clotilde Colette Coralie Corinne Delphine Diane Élise Éléonore Élodie Émilie Emma Estelle Éva Eugénie
    Fanny Florence Françoise Gabrielle Gaëlle Geneviève Hélène Héloïse Inès Irène Isabelle Jeanne Joséphine Josiane
    Judith Julie Juliette Justine Karine Laetitia Laura Laure Laurence Léa Léna Léonie Liliane Lise Louise Lucie
    Lydie Madeleine Magali Maëlle Manon Margaux Marguerite Marianne Marie Marina Marine Marion Martine Mathilde
    Maud Mélanie Mélissa Monique Muriel Mylène Nadia Nadine Nathalie Nicole Nina Noémie Océane Odile Ophélie Paola
    Pascale Patricia Pauline Perrine Philippine Rachel Raphaëlle Régine Romane Roxane Sabine Sabrina Salomé Sandra
    Sandrine Sarah Séverine Simone Solène Sophie Suzanne Sylvie Thérèse Valentine Valérie Véronique Victoire
    Virginie Viviane Zoé""".split()
MASCULINE = """Adrien Alain Alban Albert Alexandre Alexis André Antoine Antonin Armand Arnaud Arthur Aubin Auguste
    Aurélien Axel Baptiste Barnabé Basile Bastien Benjamin Benoît Bernard Bertrand Blaise Bruno Cédric César Charles
    Christian Christophe Clément Corentin Cyril Damien Daniel David Denis Didier Dorian Édouard Éric Émile Émilien
    Étienne Eugène Fabien Fabrice Félix Ferdinand Florent Florian Francis François Franck Gabriel Gaël Gaspard
    Gaétan Georges Gérard Germain Gilles Grégoire Grégory Guillaume Gustave Guy Ivan Jacques Jean
    Jérémy Jérôme Joël Jonathan Joseph Jules Julien Kévin Laurent Léo Léon Léonard Loïc Louis Luc Lucas Ludovic
    Marc Marcel Marius Martin Mathieu Mathis Matthias Michaël Michel Nicolas Noé Olivier Oscar Pascal Patrice
    Patrick Paul Philippe Pierre Quentin Raphaël Raymond Rémi Renaud René Richard Robert Robin Rodolphe Roland
    Romain Samuel Sébastien Serge Simon Stéphane Sylvain Théo Thibault Thierry Thomas Timothée Tristan Ugo Valentin
    Victor Vincent Xavier """.split()
EITHER = "Alix Ange Camille Charlie Claude Dominique Eden Frédérique Lou Loïs Maé Morgan Sacha Yaël".split()
SURNAMES = """Adam Allard Andrieu Arnaud Aubert Aubry Auger Bailly Barbier Baron Barre Baudry Bazin Benard Benoist
    Berger Bernier Berthelot Bertin Besnard Besson Blanchard Blondel Bodin Boucher Bouchet Boulanger Bourdon
    Bourgeois Bouvier Boyer Breton Brunet Buisson Camus Carlier Caron Carpentier Carré Chartier Chauvin Chevallier
    Clerc Collet Collin Colas Cordier Coste Coulon Courtois Cousin Daniel David Delage Delaunay Delmas Deschamps
    Descamps Devaux Didier Drouet Dubois Duchêne Dufour Dumas Dumont Dupuis Dupuy Durieux Duval Étienne Evrard
    Fabre Faure Favre Ferrand Ferry Fischer Fleury Fontaine Fournier Gaillard Garnier Gaudin Gauthier Georges
    Gérard Germain Gilbert Gillet Girard Giraud Godard Gosselin Goujon Grondin Guérin Guichard Guillet Guillot
    Guyot Imbert Jacob Jacquet Jacquot Joly Jourdan Julien
    Klein Lacombe Lacroix Lagarde Lambert Langlois Laporte Launay Laurent Leblanc Lebrun Leclerc Lecomte Ledoux
    Legrand Legros Lemaître Lemoine Lenoir Lesage Leroux Levasseur Loiseau Lopez Lucas Mahé Maillard Mallet
    Marchal Marchand Marion Marty Masson Mathieu Maurice Menard Mercier Meunier Meyer Michaud Millet Monnier
    Moreau Morel Morin Morvan Moulin Muller Navarro Noël Olivier Ollivier Pascal Paris Pasquier Payet Pelletier
    Perret Perrier Perrin Perrot Picard Pichon Poirier Poisson Pons Prévost Rambaud Raynaud Remy Renard Renaud Rey
    Reynaud Richard Rivière Robert Robin Rocher Roger Rolland Rousseau Roussel Royer Sabatier Salmon Sauvage
    Schmitt Simon Tanguy Tessier Texier Thibault Thomas Torres Tournier Turpin Vaillant Valentin Vallée Vasseur
    Verdier Vidal Vigneron Vincent Voisin Weber""".split()
TOWNS = """Abbeville Agen Albi Alençon Angoulême Annonay Antibes Arles Arras Aubenas Auch Aurillac Autun Auxerre
    Avranches Bayeux Bayonne Beaune Beauvais Belfort Bergerac Béthune Béziers Blois Bourges Briançon Brive
    Cahors Calais Cambrai Carcassonne Castres Châteauroux Chaumont Cherbourg Cholet Cognac Colmar Compiègne
    Concarneau Dax Dieppe Digne Dinan Dole Douai Draguignan Dreux Dunkerque Épernay Épinal Étampes Évreux Fécamp
    Figeac Foix Fougères Gap Gien Granville Grasse Guéret Guingamp Issoire Issoudun Landerneau Langres
    Lannion Laon Laval Lens Libourne Lisieux Lorient Lunéville Mâcon Manosque Marmande Maubeuge Mayenne Mende
    Millau Montargis Montauban Montélimar Morlaix Moulins Narbonne Nevers Niort Nyons Orange Oyonnax Pamiers
    Parthenay Périgueux Pithiviers Ploërmel Poitiers Pontarlier Pontivy Privas Quimper Redon Riom Roanne
    Rochefort Rodez Romans Roubaix Royan Sarlat Saumur Sedan Semur Senlis Sens Sète Soissons Tarbes Thiers
    Thonon Tulle Ussel Valence Vannes Vendôme Verdun Vesoul Vichy Vierzon Villefranche Vitré Voiron 
    """.split()
STREETS = (
    """
    des Acacias, des Amandiers, des Aubépines, de l'Abreuvoir, des Bleuets, du Belvédère, du Bocage, des Bouleaux,
    de la Bergerie, des Capucines, des Cerisiers, des Charmes, du Coteau, de la Clairière, des Écureuils, des
    Églantines, de l'Étang, de la Fontaine, des Fougères, des Genêts, des Glycines, des Hirondelles, des Iris, des
    Jonquilles, des Lavandes, du Lavoir, des Marronniers, des Mésanges, des Mimosas, du Moulin, des Myosotis, des
    Noisetiers, de l'Orangerie, des Ormes, des Pervenches, des Peupliers, du Pigeonnier, des Primevères, du Puits,
    des Rossignols, de la Roseraie, des Saules, du Sentier, de la Source, des Tilleuls, des Tourterelles, du Verger,
    des Violettes
""".replace("\n ", "")
    .strip()
    .split(", ")
)
ORGANISATIONS = """Aldemar Altoria Amberval Arvenis Belcourt Brisanne Calvora Cerdelis Clairvia Dalméa Delorva Elvanor
    Esteral Fauvelis Feralis Galdéon Graviane Helvoria Ixaléo Javelis Kerlanne Lodéra Lumiane Marvéo Mélidor Nordéal
    Novaline Oléandis Orvane Pélagia Pradélis Quintéo Rivanor Rocalia Sévrane Solvane Talméo Tervalis Ulmane Valmer
    Vertane Volcélis Xantria Zéphane""".split()
HOSPITALS = """Saint-Aubin Saint-Brice Saint-Clair Saint-Firmin Saint-Gildas Saint-Hilaire Saint-Lambert Saint-Mesmin
    Saint-Quay Saint-Roch Saint-Séverin Saint-Vaast Sainte-Aldegonde Sainte-Berthe Sainte-Odile Beaulieu Bellerive
    Belvédère Chantemerle Clairefontaine Fontenelle Hautepierre Montclair Sablons Tilleroyes Valfleuri""".split()
