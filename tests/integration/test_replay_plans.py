"""A generation with a config version of its own shows the plans of its folder, as the one before it did."""
import shutil

from test_replay import World

TARGETS = "wave,unit,planned,code,training,measure\nW1,HG-SYTE,50,,,\n,HG-SYTE,80,T,TA,passed\n"


def test_plans_stand_beside_the_figures_of_another_config(tmp_path):
    with World(tmp_path, people=5) as world:
        (world.reference / "targets.csv").write_text(TARGETS)
        world.command("config", "load", world.reference)
        world.service.start()
        world.count(50)
        plans = "SELECT unit, planned FROM bi.participation WHERE wave = 'W1' AND planned IS NOT NULL"
        targets = "SELECT target, unit, planned_low FROM bi.target_progress ORDER BY 1"
        before = world.stack.query(plans), world.stack.query(targets)
        assert before[0] == [("HG-SYTE", 50)] and len(before[1]) == 2
        folder = tmp_path / "other"
        shutil.copytree(world.reference, folder)
        rules = folder / "trainings.yaml"
        rules.write_text(rules.read_text().replace("pass_rule: {min_score: 0.5}\n", "pass_rule: {min_score: 0.6}\n"))
        world.command("replay", "start", "--folder", folder)
        world.command("replay", "promote", "--reason", "a test")
        assert (world.stack.query(plans), world.stack.query(targets)) == before
        assert world.stack.query("SELECT config_version FROM bi.generation") == [(2,)]
        world.command("replay", "rollback", "--reason", "a test")
        assert (world.stack.query(plans), world.stack.query(targets)) == before
