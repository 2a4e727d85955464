/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.snapshotter;

import static dev.traversion.e2e.snapshotter.Recorder.CONFIG_MAPS;
import static dev.traversion.e2e.snapshotter.Recorder.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.snapshotter.watch.StreamStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Objects at the limits of what JSON and the API allow: recorded byte for byte, or a gap with its reason. */
@Tag("snapshotter")
@UsesControlPlane
class OddObjectsIT {

    private static final ResourceType ODDITIES = new ResourceType("odd.test", "oddities");
    private static final ObjectKey A = new ObjectKey(ODDITIES, "", "a");
    private static final ObjectKey B = new ObjectKey(ODDITIES, "", "b");

    private final MemorySink sink = new MemorySink();
    private ControlPlane plane;
    private AggregatedApi api;

    @BeforeEach
    void serve(ControlPlane plane) throws Exception {
        this.plane = plane;
        api = new AggregatedApi(plane);
    }

    @AfterEach
    void end() {
        api.close();
        assertThat(sink.complaints()).isEmpty();
    }

    @Test
    void numbersNestingAndNamesTwiceAreKeptAsTheyCame() throws Exception {
        int depth = 4_980;
        List<String> specs = List.of(
                "\"n\":[1e999,-0.0,1E+2,12345678901234567890123,0.10]",
                "\"a\":1,\"a\":{\"b\":2},\"a\":\"\\u0000\\ud800\"",
                "\"deep\":" + "{\"a\":[".repeat(depth) + "0" + "]}".repeat(depth),
                "\"" + "n".repeat(60_000) + "\":\"" + "\\u2028<&>".repeat(100) + "\"");
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            int version = 10;
            for (String spec : specs) {
                String object = AggregatedApi.object("b", Integer.toString(++version), ",\"spec\":{" + spec + "}");
                int before = sink.changes(B).size();
                api.send("{\"type\":\"MODIFIED\",\"object\":" + object + "}");
                await(
                        "it is recorded: " + spec.substring(0, 12),
                        () -> sink.changes(B).size() > before);
                assertThat(Recorder.body(sink.changes(B).getLast())).isEqualTo(object);
            }
            assertThat(gaps()).isEmpty();
            assertTheRestGoesOn(recorder);
        }
    }

    @Test
    void anObjectLargerThanTheLogTakesIsAGapUntilAListShowsWhatThereIs() throws Exception {
        api.setList(AggregatedApi.list("5", AggregatedApi.object("b", "5", "")));
        String huge =
                AggregatedApi.object("b", "6", ",\"spec\":{\"text\":\"" + "x".repeat(Change.LARGEST_BODY) + "\"}");
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            await("the watch begins", () -> api.watchedFrom().equals("5"));
            api.setList(AggregatedApi.list("8", AggregatedApi.object("b", "8", "")));
            api.send("{\"type\":\"MODIFIED\",\"object\":" + huge + "}");
            await("it is a gap", () -> !gaps().isEmpty());
            api.send("{\"type\":\"ADDED\",\"object\":" + AggregatedApi.object("a", "7", "") + "}");
            api.send("{\"type\":\"MODIFIED\",\"object\":" + AggregatedApi.object("b", "8", "") + "}");
            await("what follows is recorded", () -> sink.changes(B).size() > 1);
            await("it is observed again", () -> state(recorder) == StreamStatus.State.OBSERVING);
            assertThat(gaps()).isNotEmpty().allSatisfy(reason -> assertThat(reason)
                    .contains("bytes"));
            assertThat(sink.changes())
                    .allSatisfy(change -> assertThat(change.body().length).isLessThanOrEqualTo(Change.LARGEST_BODY));
            assertTheRestGoesOn(recorder);
        }
    }

    @Test
    void aNameThatNoServerAllowsIsAGapAndOneOf253CharactersIsNone() throws Exception {
        String longest = "n".repeat(253);
        plane.kubectl().output("create", "configmap", longest);
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            assertThat(sink.changes(new ObjectKey(CONFIG_MAPS, "default", longest)))
                    .hasSize(1);
            api.send("{\"type\":\"ADDED\",\"object\":" + AggregatedApi.object("x".repeat(1 << 20), "6", "") + "}");
            await("it is a gap", () -> !gaps().isEmpty());
            assertThat(gaps().getLast()).contains("name", "characters").hasSizeLessThan(500);
            assertTheRestGoesOn(recorder);
        }
    }

    /** What lists delete is what they do not hold; an answer that is no list holds nothing and deletes nothing. */
    @Test
    void anAnswerThatIsNoListDeletesNothing() throws Exception {
        api.setList(AggregatedApi.list("5", AggregatedApi.object("a", "5", "")));
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            await("the watch begins", () -> api.watchedFrom().equals("5"));
            api.setList("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{}}".getBytes(StandardCharsets.UTF_8));
            api.send("nonsense");
            await("it is a gap", () -> !gaps().isEmpty());
            api.setList(
                    AggregatedApi.list("8", AggregatedApi.object("a", "5", ""), AggregatedApi.object("b", "8", "")));
            await("the next list is taken", () -> !sink.changes(B).isEmpty());
            assertThat(sink.changes(A)).hasSize(1);
            assertTheRestGoesOn(recorder);
        }
    }

    private void assertTheRestGoesOn(Recorder recorder) throws Exception {
        int before = sink.changes(CONFIG_MAPS).size();
        plane.kubectl().output("create", "configmap", "witness-" + System.nanoTime());
        await("config maps are recorded", () -> sink.changes(CONFIG_MAPS).size() > before);
        assertThat(recorder.snapshotter().failure()).isEmpty();
    }

    private List<String> gaps() {
        return sink.coverage(ODDITIES).stream()
                .filter(each -> !each.observed())
                .map(CoverageInterval::reason)
                .toList();
    }

    private static StreamStatus.State state(Recorder recorder) {
        return recorder.status(ODDITIES).orElseThrow().state();
    }
}
