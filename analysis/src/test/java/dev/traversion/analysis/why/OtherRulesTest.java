/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules about autoscalers, budgets, DNS and any object, one by one: what they name, and what they do not. */
class OtherRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";

    @Test
    void aLoweredMaximumIsProvedButARaisedOneIsNot() throws Exception {
        assertThat(links("scaler-limit", "horizontalpodautoscalers.autoscaling/web", """
                        -10 is horizontalpodautoscalers.autoscaling/web {spec: {maxReplicas: 5, scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'}}, status: {conditions: [{type: 'ScalingLimited', status: 'False', reason: 'DesiredWithinRange', message: 'fine'}]}}
                        20 is horizontalpodautoscalers.autoscaling/web {spec: {maxReplicas: 2, scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'}}, status: {conditions: [{type: 'ScalingLimited', status: 'False', reason: 'DesiredWithinRange', message: 'fine'}]}}
                        30 is horizontalpodautoscalers.autoscaling/web {spec: {maxReplicas: 2, scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'}}, status: {conditions: [{type: 'ScalingLimited', status: 'True', reason: 'TooManyReplicas', message: 'the desired count is more than the maximum'}]}}
                        """))
                .contains("A web CHANGED spec.maxReplicas");

        assertThat(links("scaler-limit", "horizontalpodautoscalers.autoscaling/web", """
                        -10 is horizontalpodautoscalers.autoscaling/web {spec: {maxReplicas: 2, scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'}}, status: {conditions: [{type: 'ScalingLimited', status: 'False', reason: 'DesiredWithinRange', message: 'fine'}]}}
                        20 is horizontalpodautoscalers.autoscaling/web {spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'}}, status: {conditions: [{type: 'ScalingLimited', status: 'False', reason: 'DesiredWithinRange', message: 'fine'}]}}
                        30 is horizontalpodautoscalers.autoscaling/web {spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'}}, status: {conditions: [{type: 'ScalingLimited', status: 'True', reason: 'TooManyReplicas', message: 'the desired count is more than the maximum'}]}}
                        """))
                .isEmpty();
    }

    @Test
    void requestsThatWereRemovedAreProvedButNotThoseOfMemory() throws Exception {
        assertThat(links("scaler-metric", "horizontalpodautoscalers.autoscaling/web", """
                        -10 is horizontalpodautoscalers.autoscaling/web {spec: {maxReplicas: 5, scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'}}, status: {conditions: [{type: 'ScalingActive', status: 'True', reason: 'Valid', message: 'fine'}]}}
                        -10 base web {image: 'web:1', resources: {requests: {cpu: '1'}}}
                        20 rollout web b {image: 'web:1', resources: {}} ready
                        40 is horizontalpodautoscalers.autoscaling/web {spec: {maxReplicas: 5, scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'}}, status: {conditions: [{type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message: 'missing request for cpu in container web'}]}}
                        """))
                .contains("A web CHANGED spec.template.spec.containers[name=web].resources.requests");

        assertThat(links("scaler-metric", "horizontalpodautoscalers.autoscaling/web", """
                        -10 is horizontalpodautoscalers.autoscaling/web {spec: {maxReplicas: 5, scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'}}, status: {conditions: [{type: 'ScalingActive', status: 'True', reason: 'Valid', message: 'fine'}]}}
                        -10 base web {image: 'web:1', env: [{name: 'A', value: 'b'}]}
                        20 rollout web b {image: 'web:1'} ready
                        40 is horizontalpodautoscalers.autoscaling/web {spec: {maxReplicas: 5, scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'}}, status: {conditions: [{type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message: 'missing request for cpu in container web'}]}}
                        """))
                .isEmpty();
    }

    @Test
    void anotherTargetDidNotHarmAnAutoscalerThatNeverCouldScale() throws Exception {
        String scaler =
                "is horizontalpodautoscalers.autoscaling/web {spec: {metrics: [{type: 'Resource', resource: {name: 'cpu', target:"
                        + " {averageUtilization: %d}}}]}, status: {conditions: [%s]}}\n";
        String active = "{type: 'ScalingActive', status: '%s', reason: 'any', message: 'any'}";
        String told = "-10 " + scaler.formatted(70, "%s") + "20 " + scaler.formatted(50, "%s") + "30 "
                + scaler.formatted(50, active.formatted("False"));
        String field = " web CHANGED spec.metrics[type=Resource].resource.target.averageUtilization";
        String target = "horizontalpodautoscalers.autoscaling/web";
        String well = active.formatted("True");
        assertThat(links("scaler-metric", target, told.formatted(well, well))).containsExactly("B" + field);
        assertThat(links("scaler-metric", target, told.formatted("", ""))).containsExactly("C" + field);
    }

    @Test
    void aBudgetIsProvedByItsNumbersAndOtherwiseItsPodsAreNamed() throws Exception {
        assertThat(links("disruption-budget", "poddisruptionbudgets.policy/web", """
                        -10 is poddisruptionbudgets.policy/web {spec: {minAvailable: 1, selector: {matchLabels: {app: 'web'}}}, status: {disruptionsAllowed: 1, expectedPods: 2, currentHealthy: 2, desiredHealthy: 2}}
                        20 is poddisruptionbudgets.policy/web {spec: {minAvailable: 2, selector: {matchLabels: {app: 'web'}}}, status: {disruptionsAllowed: 0, expectedPods: 2, currentHealthy: 2, desiredHealthy: 2}}
                        """))
                .contains("A web CHANGED spec.minAvailable");

        assertThat(links("disruption-budget", "poddisruptionbudgets.policy/web", """
                        -10 is poddisruptionbudgets.policy/web {spec: {minAvailable: '50%', selector: {matchLabels: {app: 'web'}}}, status: {disruptionsAllowed: 1, expectedPods: 2, currentHealthy: 2, desiredHealthy: 2}}
                        20 is poddisruptionbudgets.policy/web {spec: {minAvailable: '51%', selector: {matchLabels: {app: 'web'}}}, status: {disruptionsAllowed: 0, expectedPods: 2, currentHealthy: 2, desiredHealthy: 2}}
                        """))
                .contains("A web CHANGED spec.minAvailable");

        assertThat(links("disruption-budget", "poddisruptionbudgets.policy/web", """
                        -10 base web {image: 'web:1'}
                        -10 is poddisruptionbudgets.policy/web {spec: {minAvailable: 1, selector: {matchLabels: {app: 'web'}}}, status: {disruptionsAllowed: 1, expectedPods: 2, currentHealthy: 2, desiredHealthy: 2}}
                        20 pod web {image: 'web:1'} crashed Error bad
                        21 is poddisruptionbudgets.policy/web {spec: {minAvailable: 1, selector: {matchLabels: {app: 'web'}}}, status: {disruptionsAllowed: 0, expectedPods: 2, currentHealthy: 1, desiredHealthy: 2}}
                        """))
                .contains("A -> CRASHED web-a-x");
    }

    @Test
    void aBudgetThatLetSomebodyGoSinceItWasMadeOrChangedIsNotTheCauseButFewerReplicasAre() throws Exception {
        String tale = """
                        -20 is %1$s/web {spec: {replicas: 3, template: {metadata: {labels: {app: 'web'}}, spec: {containers: []}}}}
                        2 made poddisruptionbudgets.policy/web {spec: {minAvailable: 2, selector: {matchLabels: {app: 'web'}}}}
                        3 is poddisruptionbudgets.policy/web {spec: {minAvailable: 2, selector: {matchLabels: {app: 'web'}}}, status: {disruptionsAllowed: %2$d, expectedPods: 3, currentHealthy: 3}}
                        20 is %1$s/web {spec: {replicas: 2, template: {metadata: {labels: {app: 'web'}}, spec: {containers: []}}}}
                        22 is poddisruptionbudgets.policy/web {spec: {minAvailable: 2, selector: {matchLabels: {app: 'web'}}}, status: {disruptionsAllowed: 0, expectedPods: 2, currentHealthy: 2}}
                        """;
        String budget = "poddisruptionbudgets.policy/web";
        for (String type : List.of("deployments.apps", "statefulsets.apps")) {
            assertThat(links("disruption-budget", budget, tale.formatted(type, 1)))
                    .containsExactly("A web CHANGED spec.replicas");
        }
        String none = tale.formatted("deployments.apps", 0).lines().limit(3).collect(joining("\n"));
        assertThat(links(
                        "disruption-budget",
                        budget,
                        none.replace("replicas: 3", "replicas: 2").replace(": 3", ": 2")))
                .as("it never let anybody go")
                .containsExactly("A web CREATED spec.minAvailable");

        String changed = """
                        -20 is poddisruptionbudgets.policy/web {spec: {minAvailable: 1, selector: {matchLabels: {app: 'web'}}}, status: {disruptionsAllowed: 2, expectedPods: 3, currentHealthy: 3}}
                        10 is poddisruptionbudgets.policy/web {metadata: {generation: 2}, spec: {minAvailable: 2, selector: {matchLabels: {app: 'web'}}}, status: {observedGeneration: 1, disruptionsAllowed: 2, expectedPods: 3, currentHealthy: 3}}
                        11 is poddisruptionbudgets.policy/web {metadata: {generation: 2}, spec: {minAvailable: 2, selector: {matchLabels: {app: 'web'}}}, status: {observedGeneration: %d, disruptionsAllowed: 1, expectedPods: 3, currentHealthy: 3}}
                        22 is poddisruptionbudgets.policy/web {metadata: {generation: 2}, spec: {minAvailable: 2, selector: {matchLabels: {app: 'web'}}}, status: {observedGeneration: 2, disruptionsAllowed: 0, expectedPods: 2, currentHealthy: 2}}
                        """;
        assertThat(links("disruption-budget", budget, changed.formatted(2))).isEmpty();
        assertThat(links("disruption-budget", budget, changed.formatted(1)))
                .as("it said so of what it was before")
                .containsExactly("A web CHANGED spec.minAvailable");
    }

    @Test
    void replicasThatWereRaisedAgainDoNotKeepABudgetFromLettingSomebodyGo() throws Exception {
        String web =
                "is deployments.apps/web {spec: {replicas: %d, template: {metadata: {labels: {app: 'web'}}, spec: {containers: []}}}}\n";
        String budget =
                "is poddisruptionbudgets.policy/web {spec: {minAvailable: 2, selector: {matchLabels: {app: 'web'}}}, status:"
                        + " {disruptionsAllowed: %d, expectedPods: %d, currentHealthy: %d}}\n";
        String fewer = "-20 " + web.formatted(3) + "-19 " + budget.formatted(1, 3, 3) + "10 " + web.formatted(2) + "12 "
                + budget.formatted(0, 2, 2);
        assertThat(links("disruption-budget", "poddisruptionbudgets.policy/web", fewer))
                .containsExactly("A web CHANGED spec.replicas");
        assertThat(links(
                        "disruption-budget",
                        "poddisruptionbudgets.policy/web",
                        fewer + "20 " + web.formatted(3) + "22 " + budget.formatted(1, 3, 3) + "30 "
                                + budget.formatted(0, 3, 2)))
                .isEmpty();
    }

    @Test
    void aBudgetHarmsAWorkloadOnlyOnceItsPodsAreToLeaveTheirNode() throws Exception {
        String budget =
                "poddisruptionbudgets.policy/web {spec: {minAvailable: %d, selector: {matchLabels: {app: 'web'}}}, status:"
                        + " {disruptionsAllowed: %d, expectedPods: 2, currentHealthy: 2, desiredHealthy: %1$d}}\n";
        String tale = "-10 base web {image: 'web:1'}\n-10 is nodes/n1 {spec: {}}\n-10 is nodes/n2 {spec: {}}\n"
                + "-5 is pods/web-2 {metadata: {labels: {app: 'web'}}, spec: {nodeName: 'n1', containers: [{name: 'web'}]}, status: "
                + Story.ready() + "}\n-10 is " + budget.formatted(1, 1) + "20 is " + budget.formatted(2, 0)
                + "30 is nodes/%s {spec: {unschedulable: %s}}\n";
        assertThat(causes(WEB, tale.formatted("n1", true))).containsExactly("A web CHANGED spec.minAvailable");

        assertThat(causes(WEB, tale.formatted("n1", false))).isEmpty();
        assertThat(causes(WEB, tale.formatted("n2", true))).isEmpty();
    }

    @Test
    void aConditionThatBecameBadIsNearAChangeOfTheSpecButNotOfALabel() throws Exception {
        assertThat(links("own-spec", "widgets.example.com/w", """
                        -10 is widgets.example.com/w {spec: {size: 1}, status: {conditions: [{type: 'Ready', status: 'True'}]}}
                        20 is widgets.example.com/w {spec: {size: 2}, status: {conditions: [{type: 'Ready', status: 'True'}]}}
                        25 is widgets.example.com/w {spec: {size: 2}, status: {conditions: [{type: 'Ready', status: 'False', reason: 'R', message: 'm'}]}}
                        """)).contains("C w CHANGED spec.size");

        assertThat(links("own-spec", "widgets.example.com/w", """
                        -10 is widgets.example.com/w {metadata: {labels: {a: 'b'}}, status: {conditions: [{type: 'Ready', status: 'True'}]}}
                        20 is widgets.example.com/w {metadata: {labels: {a: 'c'}}, status: {conditions: [{type: 'Ready', status: 'True'}]}}
                        25 is widgets.example.com/w {metadata: {labels: {a: 'c'}}, status: {conditions: [{type: 'Ready', status: 'False', reason: 'R', message: 'm'}]}}
                        """)).isEmpty();
    }

    @Test
    void aDnsThatDoesNotAnswerExplainsWhoNamesAHostButNobodyElse() throws Exception {
        assertThat(links("cluster-dns", WEB, """
                        -10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        -10 is services/kube-dns@kube-system {spec: {selector: {k: 'dns'}, ports: [{port: 53}]}}
                        -10 base web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]}
                        20 gone services/kube-dns@kube-system
                        40 pod web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]} crashed Error lookup db: timeout
                        """)).contains("A -> SERVICE_GONE kube-dns");

        assertThat(links("cluster-dns", WEB, """
                        -10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        -10 is services/kube-dns@kube-system {spec: {selector: {k: 'dns'}, ports: [{port: 53}]}}
                        -10 base web {image: 'web:1'}
                        20 gone services/kube-dns@kube-system
                        40 pod web {image: 'web:1'} crashed Error bad
                        """)).isEmpty();
    }

    @Test
    void aBudgetThatMeansNobodyAnyMoreIsProvedBySelectorOrLabelsUnlessThePodsAreGone() throws Exception {
        String budget =
                "is poddisruptionbudgets.policy/web {metadata: {generation: %4$d}, spec: {minAvailable: 1, selector: {matchLabels:"
                        + " {app: '%2$s'}}}, status: {observedGeneration: %1$d, expectedPods: %3$d, disruptionsAllowed: %3$d}}\n";
        String web =
                "is deployments.apps/web {spec: {template: {metadata: {labels: {app: '%s'}}, spec: {containers: []}}}}\n";
        String pod = "pods/%s {metadata: {labels: {app: '%s'}, " + OF_WEB + "}, spec: {containers: []}}\n";
        String before = "-10 " + web.formatted("web") + "-10 is " + pod.formatted("web-1", "web") + "-5 "
                + budget.formatted(1, "web", 2, 1);
        String named = before + "20 " + budget.formatted(1, "wep", 2, 2) + "21 " + budget.formatted(2, "wep", 0, 2);
        String target = "poddisruptionbudgets.policy/web";
        assertThat(links("budget-selector", target, named))
                .containsExactly("A web CHANGED spec.selector.matchLabels.app");
        assertThat(links("budget-selector", target, named + "30 gone pods/web-1\n"))
                .as("there is nobody to be protected")
                .isEmpty();

        String labelled = before + "20 " + web.formatted("new") + "21 made " + pod.formatted("web-2", "new")
                + "22 gone pods/web-1\n" + "23 " + budget.formatted(1, "web", 0, 1);
        assertThat(links("budget-selector", target, labelled))
                .containsExactly("A web CHANGED spec.template.metadata.labels.app");
    }
}
