/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.analysis.why.past.Kernel;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Recording;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What samples of the use of memory and CPU say of troubles. */
class UsageRulesTest {

    private static final ObjectKey WEB = Story.key("deployments.apps", "shop", "web");
    private static final long MEBI = 1 << 20;
    private static final String ID = "0a1b";

    private Story story;

    @BeforeEach
    void begin(@TempDir Path directory) throws Exception {
        story = new Story(directory);
    }

    @AfterEach
    void end() throws Exception {
        story.close();
    }

    /** A kernel that knows the samples of one container. */
    private static Kernel kernel(List<Kernel.Sample> samples) {
        return new Kernel() {
            @Override
            public Optional<List<Happening>> of(Version pod, long from, long to) {
                return Optional.of(List.of());
            }

            @Override
            public Optional<List<Sample>> usage(Version pod, long from, long to) {
                return Optional.of(samples.stream()
                        .filter(each -> each.at() >= from && each.at() < to)
                        .toList());
            }
        };
    }

    private static Kernel.Sample sample(int second, long mebi, long periods, long throttled) {
        return new Kernel.Sample(Story.START + second * Story.SECOND, ID, mebi * MEBI, periods, throttled);
    }

    private void rollOut(String before, String after, String state) throws Exception {
        story.deployment(-30, "web", before);
        story.replicaSet(-29, "web", "a", "{\"replicas\":1}");
        story.pod(-20, -28, "web", "a", before, Story.ready());
        story.deployment(20, "web", after);
        story.replicaSet(21, "web", "b", "{\"replicas\":1}");
        story.pod(
                100,
                22,
                "web",
                "b",
                after,
                "{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\"}],\"containerStatuses\":[{"
                        + "\"name\":\"web\",\"ready\":false,\"restartCount\":1,\"containerID\":\"containerd://" + ID
                        + "\"," + state
                        + "}]}");
    }

    private Verdict ask(List<Kernel.Sample> samples) throws Exception {
        Recording history = story.end(120);
        return Why.ask(
                history,
                (_, _) -> Optional.of(history),
                kernel(samples),
                WEB,
                Story.START,
                Story.START + 120 * Story.SECOND);
    }

    private static List<Kernel.Sample> memory(boolean grows) {
        List<Kernel.Sample> samples = new ArrayList<>();
        for (int second = 30; second < 98; second += 5) {
            samples.add(sample(second, grows && second > 50 ? second : 50, 0, 0));
        }
        return samples;
    }

    private static final String KILLED =
            "\"state\":{\"waiting\":{\"reason\":\"CrashLoopBackOff\"}},\"lastState\":{\"terminated\":{\"exitCode\":137,"
                    + "\"reason\":\"OOMKilled\",\"finishedAt\":\"" + Story.time(98) + "\"}}";

    @Test
    void memoryThatGrewUntilAKillIsAStepOfTheWayThereSinceItBeganToGrow() throws Exception {
        rollOut("\"args\":[\"--leak=0\"]", "\"args\":[\"--leak=9\"]", KILLED);

        Verdict verdict = ask(memory(true));

        Cause first = verdict.causes().getFirst();
        assertThat(first.change().path()).endsWith("args[0]");
        assertThat(first.tier().name()).isEqualTo("B");
        Verdict flat = ask(memory(false));
        assertThat(flat.causes().getFirst().chain()).hasSize(1);
        assertThat(verdict.causes().stream().flatMap(each -> each.chain().stream()))
                .anySatisfy(step -> {
                    assertThat(step.rule()).isEqualTo("memory-growth");
                    assertThat(step.text()).contains("grew from 50 MiB to 95 MiB in 45 s");
                });
    }

    @Test
    void whatGrewSinceAMomentIsNotBlamedOnWhatCameAfterIt() throws Exception {
        String reads = "\"image\":\"web:1\",\"envFrom\":[{\"configMapRef\":{\"name\":\"settings\"}}]";
        story.is(-40, -600, "configmaps", "ConfigMap", "settings", "", "\"data\":{\"size\":\"1\"}");
        story.is(45, -600, "configmaps", "ConfigMap", "settings", "", "\"data\":{\"size\":\"9\"}");
        story.is(80, -600, "configmaps", "ConfigMap", "settings", "", "\"data\":{\"size\":\"9\",\"colour\":\"red\"}");
        rollOut(reads, reads, KILLED);

        assertThat(ask(memory(true)).causes())
                .extracting(each -> each.change().path())
                .contains("data.size")
                .doesNotContain("data.colour");
    }

    @Test
    void aContainerThatWaitsForItsLimitOfCpuIsAStepOfTheWayToItsProbes() throws Exception {
        rollOut(
                "\"resources\":{\"limits\":{\"cpu\":\"1\"}}",
                "\"resources\":{\"limits\":{\"cpu\":\"10m\"}}",
                "\"state\":{\"running\":{\"startedAt\":\"" + Story.time(24) + "\"}}");
        story.event(60, "Pod", "web-b-x", "Unhealthy", "Readiness probe failed: context deadline exceeded");

        Cause first = ask(List.of(sample(30, 9, 100, 2), sample(35, 9, 150, 45), sample(40, 9, 200, 90)))
                .causes()
                .getFirst();

        assertThat(first.chain()).extracting(Step::rule).containsExactly("cpu-limit", "throttled");
        assertThat(first.chain().getLast().text()).contains("43 of 50 periods");
        assertThat(ask(List.of(sample(30, 9, 100, 2), sample(35, 9, 150, 3)))
                        .causes()
                        .getFirst()
                        .chain())
                .extracting(Step::rule)
                .containsExactly("cpu-limit");
    }
}
