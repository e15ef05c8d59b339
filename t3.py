from drive import *
d=Drive(); pg=d.open(); time.sleep(.5)
sp=pg.locator(".turn >> nth=0 >> .words span"); a=sp.nth(3).bounding_box(); b=sp.nth(5).bounding_box()
pg.mouse.move(a["x"]+1,a["y"]+8); pg.mouse.down(); pg.mouse.move(b["x"]+b["width"]-1,b["y"]+8,steps=5); pg.mouse.up(); time.sleep(.5)
print(pg.evaluate("""()=>{const s=getSelection();const r=s.rangeCount&&s.getRangeAt(0);return [s.toString(), s.isCollapsed, r&&r.commonAncestorContainer.nodeName, document.querySelector('.chosen').hidden]}"""))
d.shot("b2"); d.close()
