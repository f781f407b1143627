// What became of a case from the first run to the others.
// Scores are rounded in the page.
const near = (one, other) => Math.abs(one - other) < 2e-6;
const meanAt = (one, place, side) => {
  const scores = answersOf(one).filter((answer) => answer.provider === place && answer.side === side && !isUnknown(answer.score)).map((answer) => answer.score);
  return scores.length ? scores.reduce((sum, score) => sum + score, 0) / scores.length : undefined;
};
// By candidate: the largest change of its score, a loss before a gain; nothing where there is none to compare with.
const movesOf = (one) => {
  one.moves ??= providers.map((_, place) => {
    const before = meanAt(one, place, 0);
    const later = sides.slice(1).map((_, at) => meanAt(one, place, at + 1)).filter((score) => !isUnknown(score));
    return isUnknown(before) || !later.length ? undefined : worstOf(later.map((score) => score - before));
  });
  return one.moves;
};
const worstOf = (moves) => {
  const known = moves.filter((move) => !isUnknown(move));
  if (!known.length) return undefined;
  const loss = Math.min(...known);
  return loss < -2e-6 ? loss : Math.max(...known);
};
const changeOf = (one) => worstOf(movesOf(one));
const changeName = (move) => (isUnknown(move) || near(move, 0) ? "" : move < 0 ? "broken" : "fixed");
const inPoints = (share) => (isUnknown(share) ? "–" : (share > 2e-6 ? "+" : "") + (share * 100).toFixed(1).replace("-0.0", "0.0").replace("-", "−"));
// The answer of the first run beside one of a later run, and the other way round.
const otherText = (one, answer) => {
  const side = answer.side === 0 ? sides.length - 1 : 0;
  const other = answersOf(one).find((it) => it.provider === answer.provider && it.side === side && (it.repeat ?? 0) === (answer.repeat ?? 0));
  return other?.text;
};
const isReworded = (one, place) => answersOf(one).some((answer) => {
  const other = answer.provider === place && answer.side > 0 ? otherText(one, answer) : undefined;
  return other !== undefined && other !== answer.text;
});
const hasChange = (one, wanted, chosen) => {
  const moves = movesOf(one).map((move, place) => ({ move, place })).filter(({ place }) => chosen < 0 || place === chosen);
  const known = moves.filter(({ move }) => !isUnknown(move));
  if (wanted === "alone") return !known.length;
  if (wanted === "broken" || wanted === "fixed") return known.some(({ move }) => changeName(move) === wanted);
  if (wanted === "reworded") return known.some(({ move, place }) => near(move, 0) && isReworded(one, place));
  return known.length > 0 && known.every(({ move }) => near(move, 0));
};

// The pills of all runs in a row; one is enough where nothing changed.
const drawSteps = (answers, name) => {
  const of = sides.map((_, side) => answers.filter((answer) => answer.side === side));
  const look = (list) => list.map((answer) => state(answer) + answer.score).join();
  if (of.every((list) => list.length && look(list) === look(of[0]))) return of[0].map((answer) => drawPill(answer, name + ", the same in every run"));
  return of.flatMap((list, side) => {
    const pills = list.length ? list.map((answer) => drawPill(answer, sides[side] + ": " + name)) : [make("span", "pill", "–")];
    return side ? [make("span", "step", "→"), ...pills] : pills;
  });
};
// Values that are not those of the first run.
const markMoved = (values, answers) => {
  answers.forEach((answer, at) => {
    const first = answers.findIndex((it) => it.provider === answer.provider && it.side === 0 && (it.repeat ?? 0) === (answer.repeat ?? 0));
    if (answer.side > 0 && first >= 0 && values[first].textContent !== values[at].textContent) values[at].classList.add("moved");
  });
};
// Row by row the same candidate in all runs.
const drawPairs = (one, answers) => {
  const keys = [...new Set(answers.map((answer) => answer.provider + "/" + (answer.repeat ?? 0)))];
  return keys.map((key) => {
    const [place, repeat] = key.split("/").map(Number);
    const row = make("div", "answers pair");
    row.style.setProperty("--sides", String(sides.length));
    sides.forEach((side, at) => {
      // A baseline holds one score for all repeats.
      const found = answers.find((answer) => answer.provider === place && answer.side === at && (answer.only_score || (answer.repeat ?? 0) === repeat));
      const none = make("div", "answer");
      none.append(make("p", "meta", side + " · " + providers[place].name + ": no answer in this run"));
      row.append(found ? drawAnswer(one, found) : none);
    });
    return row;
  });
};
// Who changed stands open; the others wait for a click.
const drawChanged = (one, answers) => {
  const hasMoved = (answer) => { const move = movesOf(one)[answer.provider]; return isUnknown(move) || !near(move, 0); };
  const draw = (some) => {
    const found = some.filter((answer) => answer.findings);
    return one.fields && found.length ? [drawFields(one, found), ...drawPairs(one, some)] : drawPairs(one, some);
  };
  const moved = answers.filter(hasMoved);
  const still = answers.filter((answer) => !hasMoved(answer));
  const note = make("p", "meta", "Marked in an answer: words that the other run's answer does not have.");
  if (!moved.length) return [...draw(still), note];
  if (!still.length) return [...draw(moved), note];
  const rest = make("details", "still");
  const count = new Set(still.map((answer) => answer.provider)).size;
  rest.append(make("summary", "", count + (count === 1 ? " candidate" : " candidates") + " with the same score"), ...draw(still));
  return [...draw(moved), note, rest];
};
