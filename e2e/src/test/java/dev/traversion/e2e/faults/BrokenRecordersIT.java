/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.RecordingSink;
import dev.traversion.archive.testing.Seed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.faults.Oracle.Version;
import dev.traversion.e2e.recording.ApiClient;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the attacks can succeed: recorders with a broken part are found out, and the same run with none broken is not. */
@Tag("faults")
@UsesControlPlane
class BrokenRecordersIT {

    private static final String WHOLE = "whole";
    private static final int RATE = 150;

    @TempDir
    private Path directory;

    private ControlPlane plane;
    private long seed;

    @BeforeEach
    void define(ControlPlane plane) {
        this.plane = plane;
        seed = Seed.take();
        Writers.define(plane.kubectl());
    }

    @Test
    void whatEachWordForbidsIsFound() throws Exception {
        Map<String, UnaryOperator<RecordingSink>> breakages = new LinkedHashMap<>();
        Map<String, Word> words = new LinkedHashMap<>();
        breakages.put(WHOLE, sink -> sink);
        add(breakages, words, "loses", Breakages::losesSome, Word.RELIABLE);
        add(breakages, words, "repeats", Breakages::repeatsSome, Word.UNIQUE);
        add(breakages, words, "swaps", Breakages::swapsSome, Word.ORDERED);
        add(breakages, words, "alters", Breakages::altersSome, Word.ATOMIC);
        add(breakages, words, "invents", Breakages::inventsSome, Word.TRUE);
        add(breakages, words, "deletions", Breakages::forgetsDeletions, Word.RELIABLE);
        add(breakages, words, "clock", Breakages::believesTheClock, Word.ORDERED);
        try (Oracle oracle = new Oracle(plane.etcd());
                ApiClient api = new ApiClient(plane.kubeconfig());
                InProcess recorder = new InProcess(plane.kubeconfig(), directory, Clock.systemUTC(), breakages)) {
            recorder.start();
            long from = oracle.revision();
            ExactLists lists = new ExactLists(api, recorder.recorder().masking());
            try (Writers writers = new Writers(plane.kubeconfig(), oracle, seed, RATE)) {
                for (int i = 0; i < 12; i++) {
                    Thread.sleep(1_000);
                    lists.take(oracle.revision());
                }
                writers.finish();
            }
            List<Version> expected = oracle.since(from);
            recorder.awaitSeen(expected);

            recorder.judge(WHOLE, oracle, expected).isWhole();
            assertThat(lists.differences(recorder.open(WHOLE))).isEmpty();
            SoftAssertions found = new SoftAssertions();
            for (Map.Entry<String, Word> each : words.entrySet()) {
                found.assertThat(recorder.judge(each.getKey(), oracle, expected).brokenWords())
                        .as("words found broken by a recorder that " + each.getKey())
                        .contains(each.getValue());
            }
            for (String each : List.of("loses", "alters", "invents", "deletions")) {
                found.assertThat(lists.differences(recorder.open(each)))
                        .as("states found wrong of a recorder that " + each)
                        .isNotEmpty();
            }
            found.assertAll();
        }
    }

    private static void add(
            Map<String, UnaryOperator<RecordingSink>> breakages,
            Map<String, Word> words,
            String name,
            UnaryOperator<RecordingSink> breakage,
            Word word) {
        breakages.put(name, breakage);
        words.put(name, word);
    }

    /** G1: the mechanism is that a change is on the disk before anything is said about what came after it. */
    @Test
    void aRecorderThatConfirmsWhatItHasNotWrittenIsFound() throws Exception {
        assertThat(afterACrash(sink -> sink).brokenWords()).isEmpty();
        assertThat(afterACrash(Breakages::writesLater).brokenWords()).contains(Word.RELIABLE, Word.BOOKMARKABLE);
    }

    private Verdict afterACrash(UnaryOperator<RecordingSink> breakage) throws Exception {
        try (Oracle oracle = new Oracle(plane.etcd());
                InProcess recorder = new InProcess(
                        plane.kubeconfig(),
                        directory.resolve("crash-" + System.nanoTime()),
                        Clock.systemUTC(),
                        Map.of("crashes", breakage))) {
            recorder.start();
            long from = oracle.revision();
            try (Writers writers = new Writers(plane.kubeconfig(), oracle, seed, RATE)) {
                Thread.sleep(3_000);
                writers.finish();
            }
            List<Version> expected = oracle.since(from);
            recorder.awaitSeen(expected);
            // Some seconds later every type is confirmed.
            Thread.sleep(6_000);
            recorder.crash();
            recorder.start();
            return recorder.judge("crashes", oracle, expected);
        }
    }

    /** G3: the mechanism is the mark that declares a gap. */
    @Test
    void aRecorderThatHidesGapsIsFound() throws Exception {
        try (Oracle oracle = new Oracle(plane.etcd());
                InProcess recorder = new InProcess(
                        plane.kubeconfig(),
                        directory,
                        Clock.systemUTC(),
                        Map.of(WHOLE, sink -> sink, "hides", Breakages::hidesGaps))) {
            recorder.start();
            long from = oracle.revision();
            outage(oracle, true);
            List<Version> expected = oracle.since(from);
            recorder.awaitSeen(expected);

            Verdict whole = recorder.judge(WHOLE, oracle, expected);
            whole.isHonest();
            assertThat(whole.missing()).as("missing in the declared gap").isNotEmpty();
            assertThat(recorder.judge("hides", oracle, expected).brokenWords())
                    .containsAnyOf(Word.RELIABLE, Word.RESUMABLE);
        }
    }

    /** G4: the mechanism is that a watch which expired is healed from exact lists. */
    @Test
    void aRecorderThatGoesOnFromNowIsFound() throws Exception {
        try (Oracle oracle = new Oracle(plane.etcd());
                ForgetfulApi api = new ForgetfulApi(plane);
                InProcess healed =
                        new InProcess(plane.kubeconfig(), directory, Clock.systemUTC(), Map.of(WHOLE, sink -> sink));
                InProcess forgetful = new InProcess(
                        api.kubeconfig(directory), directory, Clock.systemUTC(), Map.of("forgets", sink -> sink))) {
            healed.start();
            forgetful.start();
            long from = oracle.revision();
            outage(oracle, false);
            List<Version> expected = oracle.since(from);
            healed.awaitSeen(expected);
            forgetful.awaitSeen(expected);

            assertThat(api.forgotten()).as("watches that expired").isPositive();
            healed.judge(WHOLE, oracle, expected).isHonest();
            // Which words depends on what is shown first after the outage: what it shows out of turn may make it
            // declare a gap.
            assertThat(forgetful.judge("forgets", oracle, expected).brokenWords())
                    .containsAnyOf(Word.RELIABLE, Word.RESUMABLE, Word.ORDERED, Word.ATOMIC);
        }
    }

    /** The API server is away for a while, in which objects change. */
    private void outage(Oracle oracle, boolean compact) throws Exception {
        try (Writers writers = new Writers(plane.kubeconfig(), oracle, seed, RATE)) {
            Thread.sleep(2_000);
            plane.kill("apiserver");
            try (Flood flood = new Flood(oracle, seed, 40)) {
                flood.pour(Flood.ENDLESS);
                Thread.sleep(4_000);
            }
            if (compact) {
                oracle.compact();
            }
            plane.start("apiserver");
            Thread.sleep(2_000);
            writers.finish();
        }
    }
}
