/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Autoscalers that get into each other's way. */
class ScalerRulesTest extends RulesTest {

    private static final String SCALER = "horizontalpodautoscalers.autoscaling/web";

    private static String is(int second, String word, String name, String target, String condition) {
        return second + " " + word + " horizontalpodautoscalers.autoscaling/" + name
                + " {spec: {maxReplicas: 5, scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: '"
                + target
                + "'}}, status: {conditions: [{type: 'ScalingActive', " + condition + "}]}}\n";
    }

    @Test
    void anAutoscalerThatCameToTheSamePodsIsProvedButNotOneThatWasThereOrScalesOthers() throws Exception {
        String fine = "status: 'True', reason: 'ValidMetricFound', message: 'fine'";
        String blind =
                "status: 'False', reason: 'FailedGetResourceMetric', message: 'no metrics', lastTransitionTime: '"
                        + Story.time(20) + "'";
        String both =
                "status: 'False', reason: 'AmbiguousSelector', message: 'pods by selector app=web are controlled by multiple"
                        + " HPAs: [shop/web shop/web-peaks]', lastTransitionTime: '" + Story.time(20) + "'";
        String told = is(-10, "is", "web", "web", fine) + "%s" + is(20, "is", "web", "web", blind) + "%s"
                + is(60, "is", "web", "web", both);
        String peaks = is(40, "made", "web-peaks", "web", fine);
        assertThat(causes(SCALER, told.formatted("", peaks))).containsExactly("A web-peaks CREATED");
        assertThat(causes(
                        SCALER,
                        told.formatted(
                                is(-10, "is", "web-peaks", "other", fine), is(40, "is", "web-peaks", "web", fine))))
                .containsExactly("A web-peaks CHANGED spec.scaleTargetRef.name");

        assertThat(causes(SCALER, told.formatted("", is(40, "made", "web-peaks", "other", fine))))
                .as("by the labels of its pods, perhaps")
                .containsExactly("B web-peaks CREATED");
        assertThat(causes(SCALER, told.formatted(is(-10, "is", "web-peaks", "web", fine), "")))
                .isEmpty();
        assertThat(causes(SCALER, told.formatted("", is(40, "made", "another", "web", fine))))
                .isEmpty();
    }
}
