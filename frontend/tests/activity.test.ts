// Active time: what counts is stirring and seeing, not the clock on the wall.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Activity } from "../workbench/activity.ts";
import { below, pick, seeded } from "./random.ts";

function begun(): Activity {
  const activity = new Activity(60_000);
  activity.start(0);
  return activity;
}

test("time runs while somebody stirs", () => {
  const activity = begun();
  for (let now = 10_000; now <= 200_000; now += 10_000) activity.stir(now);

  assert.equal(activity.read(205_000), 205_000);
});

test("after a minute without a stir the clock stands still", () => {
  const activity = begun();

  assert.equal(activity.read(3_600_000), 60_000);
});

test("a stir after a long silence counts from there", () => {
  const activity = begun();

  activity.stir(1_000_000);

  assert.equal(activity.read(1_005_000), 65_000);
});

test("hidden or blank, the clock stands still, whatever stirs", () => {
  const activity = begun();
  activity.pause(5_000);
  activity.stir(20_000);

  assert.equal(activity.read(30_000), 5_000);

  activity.resume(40_000);
  assert.equal(activity.read(42_000), 7_000);
});

test("a draft's time goes on", () => {
  const activity = new Activity();

  activity.start(100, 9_000);

  assert.equal(activity.read(1_100), 10_000);
});

test("active time never runs backwards and never faster than the clock", () => {
  const random = seeded(31);
  for (let round = 0; round < 100; round += 1) {
    const activity = begun();
    let now = 0;
    let last = 0;
    for (let step = 0; step < 50; step += 1) {
      now += below(random, 90_000);
      pick(random, [() => activity.stir(now), () => activity.pause(now), () => activity.resume(now), () => undefined])();
      const read = activity.read(now);

      assert.ok(read >= last && read <= now);
      last = read;
    }
  }
});
