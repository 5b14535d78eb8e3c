import os
def test_peek(enter, cast, visit):
    theo = visit(cast.theo)
    theo.open(f"/patients/{cast.pia.patient_id}/conditions")
    knee=[o['value'] for o in theo.page.select('option') if 'nee' in o.text][0] if theo.page.select('option') else None
    print(theo.page.select_one('main form'))
    theo.open(f"/patients/{cast.pia.patient_id}/plans/new")
    theo.submit("Start from Healthy upper back: exercises (T680)")
    path = theo.path
    for w in (1280, 390):
        p = enter(cast.theo, viewport={"width": w, "height": 900})
        p.open(path)
        p.page.screenshot(path=f"/tmp/bshots/build-{w}.png", full_page=True)
        print(p.faults)
