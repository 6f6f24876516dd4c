"""Trainings, waves and courses that use everything a training can state."""

TRAININGS = """
- code: TA
  name: {vi: "A", en: "A"}
  pass_rules:
    - {min_score: 0.5, min_progress: 0.5, certificate: required, attempt: last, waves: [W1], from: 2023-09-22, to: 2023-12-31}
    - {by: platform, attempt: first, waves: [W2, W3]}
    - {min_score: 0.6, attempt: last, waves: [W8], to: 2024-02-28}
    - {min_score: 0.5, min_progress: 0.25, to: 2023-12-24}
    - {by: platform}
  completion: {min_progress: 1.0, by: certificate, min_attendance: 2}
  deadline: {working_days: 10}
  lectures: {count: 10, minutes: 30}
- code: TB
  name: {vi: "B", en: "B"}
  pass_rule: {min_score: 0.5}
  completion: {min_progress: 0.5}
  deadline: {working_days: 5}
- code: TC
  name: {vi: "C", en: "C"}
  pass_rule: {min_score: 0.5, min_progress: 0.7, attempt: last}
  completion: {by: passed}
  deadline: {working_days: 3}
  lectures: {count: 30, minutes: 1440}
- code: TD
  name: {vi: "D", en: "D"}
  pass_rules:
    - {by: platform, from: 2024-02-29, to: 2024-02-29}
    - {by: platform, certificate: required, from: 2024-03-02}
  completion: {min_attendance: 3}
  lectures: {count: 7}
"""
WAVES = """code,training,province,name,printed_name,begins,ends,kind,print_order
W1,TA,HG,W1,W1,2023-09-20,2023-09-29,counted,1
W2,TA,HG,W2,W2,2023-09-25,2023-10-10,counted,2
W3,TA,HG,W3,W3,2023-12-25,2024-01-10,counted,3
W4,TB,HG,W4,W4,2024-01-02,,counted,4
W5,TB,HG,W5,W5,,,counted,5
W6,TC,HG,W6,W6,2024-02-20,2024-03-05,counted,6
W7,TD,HG,W7,W7,,2024-02-29,counted,7
W8,TA,HG,W8,W8,2023-09-25,2023-09-27,counted,8
"""
COURSES = """source,course,training,exam
p1,c1,TA,x
p1,c2,TA,x
p1,c3,TB,x
p1,c4,TD,x
p2,c1,TB,x
p2,c2,TA,x
p2,c3,TC,x
"""
COURSES_OF = {"p1": ("c1", "c2", "c3", "c4"), "p2": ("c1", "c2", "c3")}
WAVE_CODES = tuple(f"W{n}" for n in range(1, 9))


def write_reference(folder):
    """Replaces the trainings, waves and courses of a reference folder."""
    for name, text in (("trainings.yaml", TRAININGS), ("waves.csv", WAVES), ("courses.csv", COURSES)):
        (folder / name).write_text(text)
