/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.analysis.why.Verdict.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A workload that somebody told to have no pods is well if nothing needs them. */
class AtRestTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";

    @TempDir
    private Path other;

    @Test
    void aWorkloadWithoutReplicasIsAtRestUnlessAServiceOrAnAutoscalerMeansItsPods() throws Exception {
        String web = "is deployments.apps/web {spec: {replicas: %d, template: {metadata: {labels: {app: 'web'}}, spec:"
                + " {containers: [{name: 'web', image: 'web:1'}]}}}}\n";
        String tale = "-20 is services/%s {spec: {selector: {app: '%s'}}}\n-10 " + web.formatted(2) + "20 "
                + web.formatted(0);
        assertThat(links("scaled-to-zero", WEB, tale.formatted("db", "db"))).isEmpty();

        assertThat(links("scaled-to-zero", WEB, tale.formatted("web", "web")))
                .containsExactly("A web CHANGED spec.replicas");
        assertThat(links("scaled-to-zero", WEB, tale.formatted("web", "web") + "30 gone services/web\n"))
                .as("a Service meant them then")
                .containsExactly("A web CHANGED spec.replicas");
        String scaler =
                "-10 is horizontalpodautoscalers.autoscaling/web {spec: {scaleTargetRef: {kind: 'Deployment', name: 'web'}}}\n";
        assertThat(links("scaled-to-zero", WEB, tale.formatted("db", "db") + scaler))
                .containsExactly("A web CHANGED spec.replicas");
        String beside =
                "-10 is pods/p {spec: {containers: [], affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
                        + " [{topologyKey: 'kubernetes.io/hostname', labelSelector: {matchLabels: {app: '%s'}}}]}}}, status: {phase: 'Running'}}\n";
        assertThat(links("scaled-to-zero", WEB, tale.formatted("db", "db") + beside.formatted("web")))
                .containsExactly("A web CHANGED spec.replicas");
        assertThat(links("scaled-to-zero", WEB, tale.formatted("db", "db") + beside.formatted("db")))
                .isEmpty();
    }

    @Test
    void whatIsAtRestIsHealthyAndItIsSaidSinceWhen() throws Exception {
        String web =
                "\"spec\":{\"replicas\":%d,\"template\":{\"metadata\":{\"labels\":{\"app\":\"work\"}},\"spec\":{\"containers\":[]}}}";
        try (Story story = new Story(other)) {
            story.is(5, -600, "services", "Service", "db", "", "\"spec\":{\"selector\":{\"app\":\"db\"}}");
            story.is(10, -600, "deployments.apps", "Deployment", "work", "", web.formatted(2));
            story.is(20, -600, "deployments.apps", "Deployment", "work", "", web.formatted(0));

            Verdict verdict = story.ask(Story.key("deployments.apps", "shop", "work"), 60);

            assertThat(verdict.outcome()).isEqualTo(Outcome.HEALTHY);
            assertThat(verdict.summary())
                    .isEqualTo(
                            "Nothing was wrong with Deployment shop/work in this stretch. It is to have no pods since "
                                    + Story.time(20)
                                    + ", when spec.replicas was set to 0 by jane, and nothing that was recorded needs them.");
        }
    }
}
