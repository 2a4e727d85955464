/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What custom resources say of themselves, and rules that begin with it. */
class CustomRulesTest extends RulesTest {

    private static final String WIDGET = "widgets.example.com/corner";
    private static final String ROUTE = "httproutes.gateway.networking.k8s.io/shop";

    private static String widget(String status) {
        return "-10 is " + WIDGET
                + " {status: {phase: 'Running', health: {status: 'Healthy'}, parents: [{conditions: [{type: 'Accepted',"
                + " status: 'True'}]}]}}\n20 is " + WIDGET + " {status: {" + status + "}}\n";
    }

    @Test
    void aCustomResourceIsUnwellByItsPhaseItsHealthOrAConditionThatOneOfSeveralGaveIt() throws Exception {
        assertThat(symptoms(WIDGET, widget("phase: 'Failed', message: 'no room'")))
                .containsExactly("CONDITION_FALSE corner");
        assertThat(symptoms(WIDGET, widget("health: {status: 'Degraded'}"))).containsExactly("CONDITION_FALSE corner");
        String taken =
                "parents: [{conditions: [{type: 'Accepted', status: 'True'}]}, {conditions: [{type: 'Accepted', status: '%s'}]}]";
        assertThat(symptoms(WIDGET, widget(taken.formatted("False")))).containsExactly("CONDITION_FALSE corner");

        assertThat(symptoms(WIDGET, widget(taken.formatted("True")))).isEmpty();
        assertThat(symptoms(WIDGET, widget("phase: 'Progressing', state: {any: 'Failed'}")))
                .isEmpty();
    }

    @Test
    void aGrantThatDoesNotNameTheNamespaceOfARouteAnyMoreIsProvedIfItWasForIt() throws Exception {
        String grant =
                "is referencegrants.gateway.networking.k8s.io/routes@core {spec: {from: [{group: 'gateway.networking.k8s.io',"
                        + " kind: 'HTTPRoute', namespace: '%s'}]}}\n";
        String route = "is " + ROUTE
                + " {kind: 'HTTPRoute', spec: {rules: [{backendRefs: [{name: 'pay', namespace: '%s'}]}]}, status: {parents:"
                + " [{conditions: [{type: 'ResolvedRefs', status: '%s', reason: '%s', message: 'not permitted'}]}]}}\n";
        String told = "-10 " + route.formatted("%1$s", "True", "ResolvedRefs") + "-10 " + grant.formatted("%2$s")
                + "20 " + "%3$s22 " + route.formatted("%1$s", "False", "RefNotPermitted");
        String edge = grant.formatted("edge");
        assertThat(links("reference-grant", ROUTE, told.formatted("core", "shop", edge)))
                .containsExactly("A routes CHANGED spec.from[0].namespace");
        assertThat(links("reference-grant", ROUTE, told.formatted("other", "shop", edge)))
                .as("it does not refer to what is there")
                .isEmpty();
        assertThat(links("reference-grant", ROUTE, told.formatted("core", "front", edge)))
                .as("it was not for it")
                .isEmpty();
        assertThat(links(
                        "reference-grant",
                        ROUTE,
                        told.formatted("core", "shop", "gone referencegrants.gateway.networking.k8s.io/routes@core\n")))
                .containsExactly("A routes DELETED");
    }

    @Test
    void whoCouldNotEvictAPodIsLedToTheBudgetThatSelectsIt() throws Exception {
        String told = """
                        -10 is pods/web-1 {metadata: {labels: {app: '%1$s'}}, spec: {containers: []}, status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]}}
                        -10 is poddisruptionbudgets.policy/web {spec: {minAvailable: 0, selector: {matchLabels: {app: 'web'}}}, status: {disruptionsAllowed: 1, expectedPods: 1, currentHealthy: 1, desiredHealthy: 0}}
                        -10 is widgets.example.com/corner {spec: {rack: 'b'}, status: {conditions: [{type: 'Ready', status: 'True'}]}}
                        20 is poddisruptionbudgets.policy/web {spec: {minAvailable: 1, selector: {matchLabels: {app: 'web'}}}, status: {disruptionsAllowed: 0, expectedPods: 1, currentHealthy: 1, desiredHealthy: 1}}
                        30 is widgets.example.com/corner {spec: {rack: 'b'}, status: {conditions: [{type: 'Ready', status: 'False', reason: 'Blocked', message: 'Cannot evict pod %2$s as it would violate the pods disruption budget.'}]}}
                        """;
        assertThat(links("budget-refuses", WIDGET, told.formatted("web", "web-1")))
                .containsExactly("A -> DISRUPTION_BLOCKED web");
        assertThat(causes(WIDGET, told.formatted("web", "web-1"))).containsExactly("A web CHANGED spec.minAvailable");
        assertThat(links("budget-refuses", WIDGET, told.formatted("api", "web-1")))
                .isEmpty();
        assertThat(links("budget-refuses", WIDGET, told.formatted("web", "web-2")))
                .isEmpty();
    }

    @Test
    void whatIsHeldByItsOperatorsFinalizerIsLedToWhyTheOperatorIsNotThere() throws Exception {
        String held = "is " + WIDGET + " {metadata: {%sfinalizers: ['example.com/%s']}, spec: {size: 1}}\n";
        String told = "-10 is " + WIDGET + " {spec: {size: 1}}\n"
                + "-9 is deployments.apps/widget-operator@ops {spec: {replicas: 1, template: {spec: {containers: []}}}}\n2 "
                + held.formatted("", "%1$s")
                + "10 is deployments.apps/widget-operator@ops {spec: {replicas: 0, template: {spec: {containers: []}}}}\n20 "
                + held.formatted("deletionTimestamp: '" + Story.time(20) + "', ", "%1$s");
        assertThat(causes(WIDGET, told.formatted("widget-operator")))
                .first()
                .isEqualTo("A widget-operator CHANGED spec.replicas");
        assertThat(links("finalizers", WIDGET, told.formatted("widget")))
                .containsExactly("A -> SCALED_TO_ZERO widget-operator", "B corner CHANGED metadata.finalizers");
        assertThat(links("finalizers", WIDGET, told.formatted("backup")))
                .containsExactly("A corner CHANGED metadata.finalizers");
    }
}
