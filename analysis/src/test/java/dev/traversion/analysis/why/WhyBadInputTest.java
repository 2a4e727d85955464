/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.analysis.why.Verdict.Outcome;
import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Gate;
import dev.traversion.analysis.why.past.Kernel;
import dev.traversion.analysis.why.rule.Tier;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Recording;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What questions get whose answer is not in the recording, or may not be read, or drowns in faults. */
class WhyBadInputTest {

    private static final ObjectKey WEB = Story.key("deployments.apps", "shop", "web");
    private static final String READS = "\"image\":\"web:2\",\"envFrom\":[{\"secretRef\":{\"name\":\"password\"}}]";

    @TempDir
    private Path other;

    private Story story;

    @BeforeEach
    void begin(@TempDir Path directory) throws Exception {
        story = new Story(directory);
        story.deployment(-10, "web", "\"image\":\"web:1\",\"env\":[{\"name\":\"V\",\"value\":\"v\"}]");
        story.replicaSet(-9, "web", "a", "{\"replicas\":1}");
        story.pod(1, -8, "web", "a", "\"image\":\"web:1\"", Story.ready());
    }

    @AfterEach
    void end() throws Exception {
        story.close();
    }

    private void rollOut(int second, String container, String status) throws Exception {
        story.deployment(second, "web", container);
        story.replicaSet(second + 1, "web", "b", "{\"replicas\":1}");
        story.pod(second + 4, second + 1, "web", "b", container, status);
    }

    @Test
    void aMomentBeforeTheRecordingIsAbsentAndSaidToBeNotRecorded() throws Exception {
        Recording history = story.end(60);

        Verdict verdict = Why.ask(
                history,
                (_, _) -> Optional.of(history),
                WEB,
                Story.START - 7200 * Story.SECOND,
                Story.START - 3600 * Story.SECOND);

        assertThat(verdict.outcome()).isEqualTo(Outcome.ABSENT);
        assertThat(verdict.summary()).contains("no deployments.apps shop/web in this stretch");
        assertThat(verdict.missing()).anyMatch(each -> each.reason().contains("begins later"));
    }

    @Test
    void aGapOnTheWayIsNamed() throws Exception {
        story.gap(5, 19, "configmaps", "the API server answered 403");
        rollOut(
                20,
                "\"image\":\"web:1\",\"envFrom\":[{\"configMapRef\":{\"name\":\"settings\"}}]",
                Story.crashed(24, "Error", "x"));

        Verdict verdict = story.ask(WEB, 60);

        assertThat(verdict.missing())
                .anyMatch(each ->
                        each.what().equals("configmaps") && each.reason().contains("403"));
    }

    @Test
    void amongAHundredChangesAtOnceTheOneThatTheMessageNamesIsFirst() throws Exception {
        StringBuilder env = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            env.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"V")
                    .append(i)
                    .append("\",\"value\":\"value-")
                    .append(i)
                    .append("\"}");
            story.is(15, -600, "configmaps", "ConfigMap", "c" + i, "", "\"data\":{\"a\":\"b\"}");
            story.is(16, -600, "configmaps", "ConfigMap", "c" + i, "", "\"data\":{\"a\":\"c\"}");
            story.deleted(17, "services", "Service", "s" + i);
        }
        rollOut(20, "\"image\":\"web:1\",\"env\":[" + env + "]", Story.crashed(24, "Error", "cannot use value-77"));

        Verdict verdict = story.ask(WEB, 60);

        assertThat(verdict.outcome()).isEqualTo(Outcome.CAUSE);
        assertThat(verdict.causes().getFirst().change().text()).contains("value-77");
        assertThat(verdict.ruledOut()).hasSizeLessThanOrEqualTo(10);
    }

    @Test
    void fromTheAbsenceOfWhatIsHiddenNothingFollows() throws Exception {
        rollOut(20, READS, Story.waiting("CreateContainerConfigError", "secret not found"));
        Recording history = story.end(60);
        Gate gate = (type, _) -> type.resource().equals("secrets") ? Optional.empty() : Optional.of(history);

        Verdict verdict = story.ask(gate, WEB, 60);

        assertThat(verdict.hidden()).contains("secrets -n shop");
        assertThat(verdict.causes()).noneMatch(each -> each.tier() == Tier.A);
    }

    @Test
    void fromTheAbsenceOfWhatIsNotRecordedNothingFollows() throws Exception {
        rollOut(20, READS, Story.waiting("CreateContainerConfigError", "secret not found"));

        assertThat(story.ask(WEB, 60).causes()).noneMatch(each -> each.tier() == Tier.A);
    }

    @Test
    void whoMayReadOnlyOneNamespaceStillGetsAnAnswerFromIt() throws Exception {
        story.is(-5, -600, "nodes", "Node", "n1", "", "\"status\":{\"allocatable\":{\"cpu\":\"1\"}}");
        rollOut(
                20,
                "\"image\":\"web:1\",\"resources\":{\"requests\":{\"cpu\":\"100\"}}",
                "{\"phase\":\"Pending\",\"conditions\":[{\"type\":\"PodScheduled\",\"status\":\"False\",\"reason\":"
                        + "\"Unschedulable\",\"message\":\"0/1 nodes: Insufficient cpu\",\"lastTransitionTime\":\""
                        + Story.time(24) + "\"}]}");
        Recording history = story.end(60);
        Gate gate = (_, namespace) -> namespace.equals("shop") ? Optional.of(history) : Optional.empty();

        Verdict verdict = story.ask(gate, WEB, 60);

        assertThat(verdict.hidden()).contains("nodes", "pods");
        assertThat(verdict.causes().getFirst().change().path()).contains("resources");
        assertThat(verdict.causes()).allMatch(each -> each.tier() == Tier.B);
    }

    @Test
    void whatTheKernelSawIsEvidenceAndItsAbsenceIsNamed() throws Exception {
        rollOut(20, "\"image\":\"web:1\",\"args\":[\"--leak\"]", Story.crashed(24, "OOMKilled", ""));
        Recording history = story.end(60);
        Gate gate = (_, _) -> Optional.of(history);
        Kernel kernel = (_, from, _) -> Optional.of(
                List.of(new Kernel.Happening(from + 1, "", "", "alloc (pid 7) killed: out of memory with 64 MiB")));

        Verdict seen = Why.ask(history, gate, kernel, WEB, Story.START, Story.START + 60 * Story.SECOND);
        Verdict blind = story.ask(gate, WEB, 60);

        assertThat(seen.symptoms().getFirst().evidence())
                .anyMatch(each ->
                        each.type() == Evidence.Type.KERNEL && each.text().contains("64 MiB"));
        assertThat(seen.missing()).isEmpty();
        assertThat(blind.missing()).anyMatch(each -> each.reason().contains("no agent was there"));
    }

    private Recording crashAfterAServiceIsDeleted() throws Exception {
        story.is(
                -10,
                -600,
                "services",
                "Service",
                "db",
                "",
                "\"spec\":{\"selector\":{\"app\":\"db\"},\"clusterIP\":\"10.0.0.7\"}");
        story.deleted(15, "services", "Service", "db");
        story.pod(25, -8, "web", "a", "\"image\":\"web:1\"", Story.crashed(24, "Error", "no answer"));
        return story.end(60);
    }

    @Test
    void aFailedConnectionLeadsToTheServiceThatNothingElseNames() throws Exception {
        Recording history = crashAfterAServiceIsDeleted();
        Gate gate = (_, _) -> Optional.of(history);
        Kernel kernel = (_, from, to) -> Optional.of(
                List.of(new Kernel.Happening(from, "10.0.0.7", "", "connection to 10.0.0.7:80 failed: refused")));

        Verdict verdict = Why.ask(history, gate, kernel, WEB, Story.START, Story.START + 60 * Story.SECOND);

        Cause first = verdict.causes().getFirst();
        assertThat(first.tier()).isEqualTo(Tier.B);
        assertThat(first.change().text()).isEqualTo("Service shop/db was deleted");
        assertThat(first.chain()).extracting(Step::rule).containsExactly("service-deleted", "failed-connection");
    }

    @Test
    void aLookupInVainLeadsToTheServiceThatIsGone() throws Exception {
        Recording history = crashAfterAServiceIsDeleted();
        Gate gate = (_, _) -> Optional.of(history);
        Kernel.Happening lookup = new Kernel.Happening(
                Story.START + 24 * Story.SECOND, "", "db.shop.svc.cluster.local", "lookup (pid 7)");
        Kernel.Happening next = new Kernel.Happening(lookup.at() + 1, "", "db.svc.cluster.local", "another (pid 7)");
        Kernel kernel = (_, _, _) -> Optional.of(List.of(lookup, next));

        Verdict verdict = Why.ask(history, gate, kernel, WEB, Story.START, Story.START + 60 * Story.SECOND);

        Cause first = verdict.causes().getFirst();
        assertThat(first.change().text()).isEqualTo("Service shop/db was deleted");
        assertThat(first.chain()).extracting(Step::rule).containsExactly("service-deleted", "failed-connection");
        assertThat(verdict.symptoms().getFirst().evidence())
                .filteredOn(each -> each.type() == Evidence.Type.KERNEL)
                .extracting(Evidence::text)
                .containsExactly("lookup (pid 7), and 1 more like it");
    }

    @Test
    void aLongValueOfOneWordIsReadInNoTimeAndATableOfNumbersIsNoPort() throws Exception {
        String tale = """
                -10 is services/end {spec: {selector: {app: 'end'}, ports: [{port: 80, targetPort: 80}]}}
                -20 is configmaps/set {data: {blob: '%1$s', table: '%2$s'}}
                -10 base web {image: 'web:1', args: ['--call=http://end/'], readinessProbe: {periodSeconds: 2}}
                -10 base end {image: 'end:1', envFrom: [{configMapRef: {name: 'set'}}]}
                10 is configmaps/set {data: {blob: '%1$sb', table: '%3$s'}}
                20 rollout end b {image: 'end:1', envFrom: [{configMapRef: {name: 'set'}}]} ready
                25 gone pods/end-a-x
                28 pod web {image: 'web:1', args: ['--call=http://end/'], readinessProbe: {periodSeconds: 2}} unready
                28 event Pod/web-a-x Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 502
                """.formatted("a".repeat(100_000), "80 ".repeat(20_000), "81 ".repeat(20_000));

        long begin = System.nanoTime();
        List<String> causes = Tale.causes(other, "deployments.apps/web", tale);
        long took = System.nanoTime() - begin;

        assertThat(causes).contains("B set CHANGED data.blob", "B set CHANGED data.table");
        assertThat(took).isLessThan(20 * Story.SECOND);
    }

    @Test
    void thatNoVolumeIsLeftIsNotSaidToWhomVolumesAreHidden() throws Exception {
        String set = "\"spec\":{\"replicas\":%d,\"volumeClaimTemplates\":[{\"metadata\":{\"name\":\"data\"}}]}";
        String claim = "\"spec\":{\"accessModes\":[\"ReadWriteOnce\"]},\"status\":{\"phase\":\"%s\"}";
        story.is(5, -600, "statefulsets.apps", "StatefulSet", "store", "", set.formatted(1));
        story.is(6, 6, "persistentvolumeclaims", "PersistentVolumeClaim", "data-store-0", "", claim.formatted("Bound"));
        story.is(20, -600, "statefulsets.apps", "StatefulSet", "store", "", set.formatted(2));
        ObjectKey pending = Story.key("persistentvolumeclaims", "shop", "data-store-1");
        story.is(21, 21, pending, "PersistentVolumeClaim", "", claim.formatted("Pending"));
        Recording history = story.end(60);
        Gate gate = (type, _) -> type.resource().equals("persistentvolumes") ? Optional.empty() : Optional.of(history);

        Verdict verdict = Why.ask(history, gate, pending, Story.START, Story.START + 60 * Story.SECOND);

        assertThat(verdict.causes())
                .filteredOn(cause -> cause.change().path().equals("spec.replicas"))
                .flatExtracting(Cause::chain)
                .extracting(Step::text)
                .isNotEmpty()
                .noneMatch(text -> text.contains("no volume is left"));
    }
}
