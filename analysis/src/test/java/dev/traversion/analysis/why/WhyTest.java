/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.analysis.Scope;
import dev.traversion.analysis.why.Verdict.Outcome;
import dev.traversion.analysis.why.past.Gate;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.rule.Rules;
import dev.traversion.analysis.why.rule.Tier;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Recording;
import dev.traversion.archive.TraversionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhyTest {

    private static final ObjectKey WEB = Story.key("deployments.apps", "shop", "web");
    private static final String SERVED =
            "\"spec\":{\"selector\":{\"app\":\"web\"},\"ports\":[{\"port\":80,\"targetPort\":8080}]}";

    private Story story;

    @BeforeEach
    void begin(@TempDir Path directory) throws Exception {
        story = new Story(directory);
        story.deployment(-10, "web", "\"image\":\"web:1\",\"env\":[{\"name\":\"PEER\",\"value\":\"http://db\"}]");
        story.replicaSet(-9, "web", "a", "{\"replicas\":1}");
        story.pod(
                1,
                -8,
                "web",
                "a",
                "\"image\":\"web:1\",\"env\":[{\"name\":\"PEER\",\"value\":\"http://db\"}]",
                Story.ready());
        story.is(-10, -600, "services", "Service", "db", "", SERVED.replace("web", "db"));
    }

    @AfterEach
    void end() throws Exception {
        story.close();
    }

    private static String cause(Verdict verdict) {
        assertThat(verdict.outcome()).as(verdict.summary()).isEqualTo(Outcome.CAUSE);
        Cause first = verdict.causes().getFirst();
        return first.tier() + " " + first.change().key().name() + " "
                + first.change().operation() + " " + first.change().path();
    }

    /** A rollout of another template whose pod gets into a state. */
    private void rollOut(int second, String hash, String container, String status) throws Exception {
        story.deployment(second, "web", container);
        story.replicaSet(second + 1, "web", hash, "{\"replicas\":1}");
        story.pod(second + 4, second + 1, "web", hash, container, status);
    }

    @Test
    void anImageThatCannotBePulledLeadsToTheChangeOfTheImage() throws Exception {
        rollOut(20, "b", "\"image\":\"web:2\"", Story.waiting("ErrImagePull", "web:2: not found"));

        Verdict verdict = story.ask(WEB, 60);

        assertThat(cause(verdict)).isEqualTo("B web CHANGED spec.template.spec.containers[name=web].image");
        assertThat(verdict.causes().getFirst().change().actor().manager()).isEqualTo("jane");
        assertThat(verdict.symptoms().getFirst().what()).isEqualTo(What.IMAGE_UNAVAILABLE);
    }

    @Test
    void anAddressWithoutAServiceIsProved() throws Exception {
        rollOut(
                20,
                "b",
                "\"image\":\"web:1\",\"env\":[{\"name\":\"PEER\",\"value\":\"http://dbb\"}]",
                Story.crashed(24, "Error", "refused"));

        assertThat(cause(story.ask(WEB, 60)))
                .isEqualTo("A web CHANGED spec.template.spec.containers[name=web].env[name=PEER].value");
    }

    @Test
    void aChangeThatHealthyPodsHadTooIsNotTheCause() throws Exception {
        String decoy = "\"image\":\"web:1\",\"env\":[{\"name\":\"COLOR\",\"value\":\"red\"}]";
        rollOut(10, "b", decoy, Story.ready());
        rollOut(20, "c", decoy + ",\"args\":[\"--broken\"]", Story.crashed(24, "Error", "bad"));

        Verdict verdict = story.ask(WEB, 60);

        assertThat(cause(verdict)).isEqualTo("B web CHANGED spec.template.spec.containers[name=web].args");
        assertThat(verdict.causes()).noneMatch(each -> each.change().path().contains("COLOR"));
    }

    @Test
    void aChangeAfterTheTroubleBeganIsRuledOut() throws Exception {
        rollOut(20, "b", "\"image\":\"web:1\",\"args\":[\"--broken\"]", Story.crashed(24, "Error", "bad"));
        story.is(40, -600, "services", "Service", "db", "", SERVED.replace("web", "other"));

        Verdict verdict = story.ask(WEB, 60);

        assertThat(verdict.causes()).allMatch(each -> each.change().key().equals(WEB));
        assertThat(verdict.ruledOut())
                .anyMatch(each ->
                        each.change().key().name().equals("db") && each.why().contains("after the trouble"));
    }

    @Test
    void aKeyThatIsGoneIsProvedEvenIfItFiresAtALaterRollout() throws Exception {
        story.is(-10, -600, "configmaps", "ConfigMap", "settings", "", "\"data\":{\"mode\":\"x\",\"other\":\"y\"}");
        story.is(10, -600, "configmaps", "ConfigMap", "settings", "", "\"data\":{\"other\":\"y\"}");
        String container =
                "\"image\":\"web:2\",\"env\":[{\"name\":\"MODE\",\"valueFrom\":{\"configMapKeyRef\":{\"name\":\"settings\",\"key\":\"mode\"}}}]";
        rollOut(100, "b", container, Story.waiting("CreateContainerConfigError", "couldn't find key mode"));

        assertThat(cause(story.ask(WEB, 160))).isEqualTo("A settings CHANGED data.mode");
    }

    @Test
    void aSelectorThatSelectsNothingIsProved() throws Exception {
        story.is(-10, -600, "services", "Service", "web", "", SERVED);
        String slice = "\"labels\":{\"kubernetes.io/service-name\":\"web\"},";
        story.is(
                -9,
                -600,
                "endpointslices.discovery.k8s.io",
                "EndpointSlice",
                "web-1",
                slice,
                "\"endpoints\":[{\"addresses\":[\"10.0.0.1\"],\"conditions\":{\"ready\":true}}]");
        story.is(20, -600, "services", "Service", "web", "", SERVED.replace("\"web\"", "\"wbe\""));
        story.is(21, -600, "endpointslices.discovery.k8s.io", "EndpointSlice", "web-1", slice, "\"endpoints\":[]");

        Verdict verdict = story.ask(Story.key("services", "shop", "web"), 60);

        assertThat(cause(verdict)).isEqualTo("A web CHANGED spec.selector.app");
        assertThat(verdict.symptoms().getFirst().what()).isEqualTo(What.NO_ENDPOINTS);
    }

    @Test
    void aDeletedServiceExplainsTheCrashOfWhoeverNamesIt() throws Exception {
        story.deleted(20, "services", "Service", "db");
        story.pod(
                25,
                -8,
                "web",
                "a",
                "\"image\":\"web:1\",\"env\":[{\"name\":\"PEER\",\"value\":\"http://db\"}]",
                Story.crashed(24, "Error", "lookup db: no such host"));

        Verdict verdict = story.ask(WEB, 60);

        assertThat(cause(verdict)).isEqualTo("A db DELETED ");
        assertThat(verdict.causes().getFirst().chain())
                .extracting(Step::rule)
                .containsExactly("service-deleted", "named-service");
    }

    @Test
    void aQuotaThatWasLoweredIsProvedByTheNumbersOfTheMessage() throws Exception {
        story.is(-10, -600, "resourcequotas", "ResourceQuota", "q", "", "\"spec\":{\"hard\":{\"pods\":\"5\"}}");
        story.is(10, -600, "resourcequotas", "ResourceQuota", "q", "", "\"spec\":{\"hard\":{\"pods\":\"1\"}}");
        story.deployment(20, "web", "\"image\":\"web:2\"");
        story.replicaSet(21, "web", "b", "{\"replicas\":0}");
        story.event(
                22,
                "ReplicaSet",
                "web-b",
                "FailedCreate",
                "pods \"web-b-y\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1");

        assertThat(cause(story.ask(WEB, 60))).isEqualTo("A q CHANGED spec.hard.pods");
    }

    @Test
    void memoryLimitAndNotTheImageExplainsAKillForMemory() throws Exception {
        rollOut(
                20,
                "b",
                "\"image\":\"web:1\",\"resources\":{\"limits\":{\"memory\":\"8Mi\"}}",
                Story.crashed(24, "OOMKilled", ""));

        assertThat(cause(story.ask(WEB, 60)))
                .startsWith("B web CHANGED spec.template.spec.containers[name=web].resources");
    }

    @Test
    void aKubeletThatFellSilentIsTheEndOfTheChain() throws Exception {
        story.is(
                -5,
                -600,
                "nodes",
                "Node",
                "n1",
                "",
                "\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}");
        story.is(
                40,
                -600,
                "nodes",
                "Node",
                "n1",
                "",
                "\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"Unknown\",\"reason\":\"NodeStatusUnknown\",\"message\":\"Kubelet stopped posting node status.\"}]}");

        assertThat(cause(story.ask(Story.key("nodes", "", "n1"), 60)))
                .isEqualTo("B n1 OBSERVED status.conditions[type=Ready]");
    }

    @Test
    void whatIsHealthyIsSaidToBeHealthy() throws Exception {
        rollOut(20, "b", "\"image\":\"web:2\"", Story.ready());

        Verdict verdict = story.ask(WEB, 60);

        assertThat(verdict.outcome()).isEqualTo(Outcome.HEALTHY);
        assertThat(verdict.summary()).isEqualTo("Nothing was wrong with Deployment shop/web in this stretch.");
    }

    @Test
    void whatNeverWasIsSaidToBeAbsent() throws Exception {
        Verdict verdict = story.ask(Story.key("deployments.apps", "shop", "nothing"), 60);

        assertThat(verdict.outcome()).isEqualTo(Outcome.ABSENT);
        assertThat(verdict.summary()).contains("There was no deployments.apps shop/nothing");
    }

    @Test
    void withoutAnyRuleThatHoldsItIsUnknownWithCandidates() throws Exception {
        story.is(10, -600, "services", "Service", "db", "\"labels\":{\"x\":\"y\"},", SERVED.replace("web", "db"));
        story.pod(30, -8, "web", "a", "\"image\":\"web:1\"", Story.crashed(29, "Error", "something"));

        Verdict verdict = story.ask(WEB, 60);

        assertThat(verdict.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(verdict.candidates()).isNotEmpty().allMatch(each -> each.tier() == Tier.C);
        assertThat(verdict.summary()).contains("unknown");
    }

    @Test
    void whatMayNotBeReadIsNamedAndNotUsed() throws Exception {
        story.deleted(20, "services", "Service", "db");
        story.pod(
                25,
                -8,
                "web",
                "a",
                "\"image\":\"web:1\",\"env\":[{\"name\":\"PEER\",\"value\":\"http://db\"}]",
                Story.crashed(24, "Error", "lookup db: no such host"));
        Recording history = story.end(60);

        Verdict verdict = story.ask(
                (type, _) -> type.resource().equals("services") ? Optional.empty() : Optional.of(history), WEB, 60);

        assertThat(verdict.hidden()).contains("services -n shop");
        assertThat(verdict.causes())
                .noneMatch(each -> each.change().key().name().equals("db"));
    }

    @Test
    void ownersInACircleEnd() throws Exception {
        String owner =
                "\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"controller\":true,\"name\":\"%s\",\"uid\":\"u-%s\"}],";
        story.is(1, 0, "replicasets.apps", "ReplicaSet", "r1", owner.formatted("r2", "r2"), "\"spec\":{}");
        story.is(2, 0, "replicasets.apps", "ReplicaSet", "r2", owner.formatted("r1", "r1"), "\"spec\":{}");

        assertThat(story.ask(Story.key("replicasets.apps", "shop", "r1"), 60).outcome())
                .isEqualTo(Outcome.HEALTHY);
    }

    @Test
    void whatLeavesWithItsNamespaceOrWasDeletedIsNoIncident() throws Exception {
        String waiting =
                "\"spec\":{\"containers\":[{\"name\":\"web\"}]},\"status\":" + Story.waiting("ErrImagePull", "no");
        story.is(1, 0, "namespaces", "Namespace", "shop", "", "\"spec\":{}");
        story.is(10, 5, "pods", "Pod", "p", "", waiting);
        story.deployment(-5, "web", "\"image\":\"web:1\"");
        story.deleted(20, "deployments.apps", "Deployment", "web");
        story.is(
                50,
                0,
                "namespaces",
                "Namespace",
                "shop",
                "\"deletionTimestamp\":\"2026-02-02T02:40:50Z\",",
                "\"spec\":{}");
        Recording history = story.end(60);

        for (int end : List.of(40, 60)) {
            Incidents incidents = Incidents.of(
                    (_, _) -> Optional.of(history),
                    Set.of(),
                    "shop",
                    Story.START,
                    Story.START + end * Story.SECOND,
                    30);
            assertThat(incidents.incidents())
                    .extracting(trouble -> trouble.about().key().name())
                    .isEqualTo(end == 40 ? List.of("p") : List.of());
        }
    }

    @Test
    void aTypeAloneAsksForItsIncidents() throws Exception {
        String waiting =
                "\"spec\":{\"containers\":[{\"name\":\"web\"}]},\"status\":" + Story.waiting("ErrImagePull", "no");
        story.is(10, 5, "pods", "Pod", "p", "", waiting);
        Recording history = story.end(60);
        Gate gate = (_, _) -> Optional.of(history);
        long to = Story.START + 60 * Story.SECOND;

        assertThat(WhyQuestion.answer(history, gate, new Scope(Set.of(Types.PODS), "shop", ""), Story.START, to)
                        .path("incidents"))
                .hasSize(1);
        assertThat(WhyQuestion.answer(history, gate, new Scope(Set.of(Types.NODES), "shop", ""), Story.START, to)
                        .path("incidents"))
                .isEmpty();
    }

    @Test
    void aNamespaceThatNeverWasIsNamedWithOneLikeIt() throws Exception {
        story.is(1, 0, "namespaces", "Namespace", "shop", "", "\"spec\":{}");
        Recording history = story.end(60);

        assertThatThrownBy(() -> WhyQuestion.answer(
                        history,
                        (_, _) -> Optional.of(history),
                        new Scope(Set.of(), "shp", ""),
                        Story.START,
                        Story.START + 60 * Story.SECOND))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("no namespace shp")
                .hasMessageContaining("Did you mean namespaces/shop?");
    }

    @Test
    void aHundredFaultsAtOnceAreAHundredIncidents() throws Exception {
        for (int i = 0; i < 100; i++) {
            story.is(
                    10 + i / 10,
                    5,
                    "pods",
                    "Pod",
                    "p" + i,
                    "",
                    "\"spec\":{\"containers\":[{\"name\":\"web\"}]},\"status\":" + Story.waiting("ErrImagePull", "no"));
        }
        Recording history = story.end(60);

        Incidents incidents = Incidents.of(
                (_, _) -> Optional.of(history), Set.of(), "shop", Story.START, Story.START + 60 * Story.SECOND, 30);

        assertThat(incidents.incidents()).hasSize(30);
        assertThat(incidents.omitted()).isEqualTo(70);
    }

    @Test
    void theCatalogueInTheDocsIsTheCodes() throws Exception {
        String docs = Files.readString(Path.of("..", "docs", "why.md"));

        assertThat(docs).contains(Rules.catalogue());
    }
}
