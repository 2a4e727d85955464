/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

/**
 * What the engine is worth on a set of runs.
 *
 * @param skipped runs that were not played, with what they need
 * @param failed runs that did not come as far as the symptom, with the reason
 */
record Report(List<Verdict> verdicts, Map<String, String> skipped, Map<String, String> failed) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROW = "%-44s %-13s %5s %5s %5s %4s  %4s %6s  %s%n";

    /** Asks about kept runs. A question that fails is in the report, too. */
    static Report of(List<Path> runs, Program program, Map<String, String> skipped, Map<String, String> failed)
            throws IOException, InterruptedException {
        List<Verdict> verdicts = new ArrayList<>();
        Map<String, String> unanswered = new TreeMap<>(failed);
        for (Path run : runs) {
            try {
                verdicts.add(Kept.ask(run, program));
            } catch (IllegalStateException e) {
                unanswered.put(run.getFileName().toString(), e.getMessage());
            }
        }
        return new Report(verdicts, skipped, unanswered);
    }

    private List<Verdict> faults() {
        return verdicts.stream().filter(Verdict::isFault).toList();
    }

    /** The table, the figures, and what is not in them. */
    String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(ROW, "RUN", "VERDICT", "OBJ", "FIELD", "ACTOR", "TIER", "LAST", "EVENTS", "SAID"));
        for (Verdict each : verdicts) {
            text.append(String.format(
                    ROW,
                    each.run(),
                    each.word(),
                    rank(each.object()),
                    rank(each.field()),
                    rank(each.actor()),
                    each.tier(),
                    rank(each.lastChange()),
                    rank(each.mostEvents()),
                    said(each)));
        }
        text.append(figures());
        failed.forEach((run, reason) -> text.append("Failed: ")
                .append(run)
                .append(": ")
                .append(reason.lines().findFirst().orElse(""))
                .append('\n'));
        skipped.forEach((run, reason) ->
                text.append("Skipped: ").append(run).append(": ").append(reason).append('\n'));
        return text.toString();
    }

    private static String said(Verdict verdict) {
        String said = verdict.answer().ranked().isEmpty()
                ? verdict.answer().outcome()
                : verdict.answer().ranked().getFirst().cause().toString();
        return verdict.word().startsWith("wrong") || verdict.isUnknown()
                ? said + ", not " + verdict.truth().orElseThrow()
                : said;
    }

    private static String rank(int rank) {
        return rank > 0 ? Integer.toString(rank) : rank == 0 ? "-" : "";
    }

    private String figures() {
        ObjectNode json = figuresJson();
        StringBuilder text = new StringBuilder("\n");
        json.properties()
                .forEach(figure -> text.append(String.format(
                        Locale.ROOT,
                        "%-34s %s%n",
                        figure.getKey(),
                        figure.getValue().asText())));
        return text.append('\n').toString();
    }

    private ObjectNode figuresJson() {
        ObjectNode json = JSON.createObjectNode();
        List<Verdict> faults = faults();
        json.put("faults", faults.size());
        put(json, "object", faults, Verdict::object);
        put(json, "object + field", faults, Verdict::field);
        put(json, "actor", faults.stream().filter(each -> each.actor() >= 0).toList(), Verdict::actor);
        int proofs = verdicts.stream().mapToInt(Verdict::proofs).sum();
        int wrong = verdicts.stream().mapToInt(Verdict::wrongProofs).sum();
        json.put("wrong proofs (tier A)", share(wrong, proofs));
        json.put("unknown", share(count(faults, Verdict::isUnknown), faults.size()));
        json.put(
                "false alarms in quiet runs",
                share(count(verdicts, Verdict::isFalseAlarm), verdicts.size() - faults.size()));
        put(json, "baseline last change, object", faults, Verdict::lastChange);
        put(json, "baseline most Events, object", faults, Verdict::mostEvents);
        json.put("engine, ms (median, most)", spread(each -> each.answer().tookMillis()));
        json.put("question, ms (median, most)", spread(each -> each.answer().totalMillis()));
        json.put("memory, MiB (median, most)", spread(each -> each.answer().peakBytes() >> 20));
        return json;
    }

    private static int count(List<Verdict> verdicts, Predicate<Verdict> what) {
        return (int) verdicts.stream().filter(what).count();
    }

    private static void put(ObjectNode json, String name, List<Verdict> verdicts, ToIntFunction<Verdict> rank) {
        for (int top : new int[] {1, 3}) {
            int right = count(verdicts, each -> rank.applyAsInt(each) > 0 && rank.applyAsInt(each) <= top);
            json.put(name + ", top-" + top, share(right, verdicts.size()));
        }
    }

    private static String share(int some, int all) {
        return all == 0 ? "none of 0" : String.format(Locale.ROOT, "%.1f %% (%d of %d)", 100.0 * some / all, some, all);
    }

    private String spread(ToLongFunction<Verdict> value) {
        long[] sorted = verdicts.stream().mapToLong(value).sorted().toArray();
        return sorted.length == 0
                ? "-"
                : sorted[sorted.length / 2] + ", " + LongStream.of(sorted).max().getAsLong();
    }

    /** All of it as one JSON document. */
    String json() {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode runs = json.putArray("runs");
        for (Verdict each : verdicts) {
            ObjectNode run = runs.addObject()
                    .put("run", each.run())
                    .put("verdict", each.word())
                    .put("outcome", each.answer().outcome())
                    .put("summary", each.answer().summary())
                    .put("object", each.object())
                    .put("field", each.field())
                    .put("actor", each.actor())
                    .put("tier", each.tier())
                    .put("proofs", each.proofs())
                    .put("wrongProofs", each.wrongProofs())
                    .put("lastChange", each.lastChange())
                    .put("mostEvents", each.mostEvents())
                    .put("tookMillis", each.answer().tookMillis())
                    .put("totalMillis", each.answer().totalMillis())
                    .put("peakBytes", each.answer().peakBytes());
            each.truth().ifPresent(cause -> run.set("truth", cause.json()));
            ArrayNode ranked = run.putArray("ranked");
            for (Answer.Ranked one : each.answer().ranked()) {
                ranked.add(one.cause().json().put("tier", one.tier()));
            }
        }
        json.set("figures", figuresJson());
        skipped.forEach(json.putObject("skipped")::put);
        failed.forEach(json.putObject("failed")::put);
        return json.toPrettyString();
    }
}
