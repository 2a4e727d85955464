/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Changes that were put back, or that made nothing worse than it was. */
class PutBackRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";
    private static final String STORE = "statefulsets.apps/store";

    @Test
    void aSelectorThatSelectsPodsAgainIsNotTheCause() throws Exception {
        String told = """
                        -10 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                        -10 is endpointslices.discovery.k8s.io/db-1 {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, endpoints: [{addresses: ['10.0.0.1']}]}
                        -10 is pods/db-0 {metadata: {labels: {app: 'db'}}, spec: {containers: [{name: 'db'}]}, status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]}}
                        10 is services/db {spec: {selector: {app: 'none'}, ports: [{port: 80}]}}
                        %d is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                        40 is endpointslices.discovery.k8s.io/db-1 {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, endpoints: []}
                        """;
        assertThat(links("service-selector", "services/db", told.formatted(50)))
                .containsExactly("A db CHANGED spec.selector.app");
        assertThat(links("service-selector", "services/db", told.formatted(15))).isEmpty();
    }

    @Test
    void aPodThatIsNotSelectedAnyMoreProvesNothingWhereOthersAre() throws Exception {
        String pod =
                "metadata: {labels: {app: '%s'}}, spec: {containers: [{name: 'db'}]}, status: {phase: 'Running'}}\n";
        String told = """
                        -10 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                        -10 is endpointslices.discovery.k8s.io/db-1 {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, endpoints: [{addresses: ['10.0.0.1']}]}
                        40 is endpointslices.discovery.k8s.io/db-1 {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, endpoints: []}
                        """ + "-10 is pods/db-0 {" + pod.formatted("db") + "10 is pods/db-0 {" + pod.formatted("old");
        assertThat(links("service-selector", "services/db", told))
                .containsExactly("A db-0 CHANGED metadata.labels.app");
        assertThat(links("service-selector", "services/db", told + "-10 is pods/db-1 {" + pod.formatted("db")))
                .containsExactly("B db-0 CHANGED metadata.labels.app");
    }

    @Test
    void anAccountIsMissedByWhoAsksForItWhenItIsNotThere() throws Exception {
        String told = """
                        -10 is serviceaccounts/other {}
                        %s
                        -10 is deployments.apps/web {spec: {template: {spec: {serviceAccountName: 'first', containers: []}}}}
                        10 is deployments.apps/web {spec: {template: {spec: {serviceAccountName: 'second', containers: []}}}}
                        20 is deployments.apps/web {spec: {template: {spec: {serviceAccountName: 'third', containers: []}}}}
                        30 event Deployment/web FailedCreate error looking up service account shop/third: serviceaccount "third" not found
                        """;
        String field = "web CHANGED spec.template.spec.serviceAccountName";
        assertThat(links("service-account", WEB, told.formatted(""))).containsExactly("A " + field);
        assertThat(links(
                        "service-account",
                        WEB,
                        told.formatted("-10 is serviceaccounts/third {}") + "25 gone serviceaccounts/third\n"))
                .containsExactly("A third DELETED", "B " + field);
    }

    @Test
    void whatIsScaledIsNotMissedOnceItIsThereAgain() throws Exception {
        String scaler = """
                        -10 is horizontalpodautoscalers.autoscaling/web {spec: {maxReplicas: 5, scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'}}, status: {conditions: [{type: 'ScalingActive', status: 'True', reason: 'Valid', message: 'fine'}]}}
                        -10 base web {image: 'web:1'}
                        10 gone deployments.apps/web
                        %s
                        40 is horizontalpodautoscalers.autoscaling/web {spec: {maxReplicas: 5, scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'}}, status: {conditions: [{type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message: 'no metrics'}]}}
                        """;
        String target = "horizontalpodautoscalers.autoscaling/web";
        assertThat(links("scaler-metric", target, scaler.formatted(""))).containsExactly("A web DELETED");
        assertThat(links(
                        "scaler-metric",
                        target,
                        scaler.formatted("20 made deployments.apps/web {spec: {template: {spec: {containers: []}}}}")))
                .isEmpty();
    }

    @Test
    void aPartitionThatWasLoweredHoldsNothing() throws Exception {
        String set =
                "is statefulsets.apps/store {spec: {replicas: 3, updateStrategy: {rollingUpdate: {partition: %d}}, template: {spec:"
                        + " {containers: []}}}, status: {currentRevision: 'a', updateRevision: '%s', updatedReplicas: %d, readyReplicas: 3}}\n";
        String told =
                "-10 " + set.formatted(3, "a", 3) + "10 " + set.formatted(2, "a", 3) + "30 " + set.formatted(2, "b", 1);
        assertThat(links("rollout-held", STORE, told)).isEmpty();
        String putBack = "-10 " + set.formatted(2, "a", 3) + "5 " + set.formatted(3, "a", 3) + "10 "
                + set.formatted(2, "a", 3) + "30 " + set.formatted(2, "b", 1);
        assertThat(links("rollout-held", STORE, putBack)).isEmpty();
    }

    @Test
    void aValueThatAContainerNamesItselfIsNotThatOfALink() throws Exception {
        String told = """
                        -10 base web {image: 'web:1'}
                        20 made services/queue {spec: {clusterIP: '10.0.0.8', ports: [{port: 80}]}}
                        40 rollout web b {image: 'web:1', args: ['%s']} crashed Error cannot reach tcp://10.0.0.8:80
                        """;
        assertThat(links("service-links", WEB, told.formatted("-v"))).containsExactly("A queue CREATED");
        assertThat(links("service-links", WEB, told.formatted("tcp://10.0.0.8:80")))
                .containsExactly("B queue CREATED");
    }

    @Test
    void aKeyThatNeverWasThereDidNotGoWithItsConfigMap() throws Exception {
        String told = """
                        -10 is configmaps/settings {data: {%s: 'x'}}
                        -10 base web {image: 'web:1', env: [{name: 'MODE', valueFrom: {configMapKeyRef: {name: 'settings', key: 'mode'}}}]}
                        10 gone configmaps/settings
                        12 made configmaps/settings {data: {other: 'x'}}
                        20 pod web {image: 'web:1', env: [{name: 'MODE', valueFrom: {configMapKeyRef: {name: 'settings', key: 'mode'}}}]} waiting CreateContainerConfigError couldn't find key mode
                        """;
        assertThat(links("missing-reference", WEB, told.formatted("mode"))).containsExactly("A settings DELETED");
        assertThat(links("missing-reference", WEB, told.formatted("other"))).isEmpty();
    }

    @Test
    void anEvictionIsProvedByTheLimitThatItNamesAndNotByOneOfCpuBesideIt() throws Exception {
        String limits = "containers: [{name: 'web', resources: {limits: {cpu: '%s', 'ephemeral-storage': '%s'}}}]";
        String evicted =
                "{phase: 'Failed', reason: 'Evicted', message: 'Container web exceeded its local ephemeral storage limit \"1Mi\". '}";
        assertThat(links(
                        "storage-limit",
                        WEB,
                        rollout(limits.formatted("2", "9Mi"), limits.formatted("1", "1Mi"), evicted)))
                .containsExactly(
                        "A web CHANGED spec.template.spec.containers[name=web].resources.limits.ephemeral-storage");
    }

    @Test
    void aPortAtWhichSomebodyAnswersIsNotTheWrongOne() throws Exception {
        String told = """
                -30 base web {image: 'web:1', ports: [{containerPort: 80}], readinessProbe: {httpGet: {port: 80}}}
                20 rollout web b {image: 'web:1', ports: [{containerPort: 80}], readinessProbe: {httpGet: {port: 81}}} unready
                30 event Pod/web-b-x Unhealthy Readiness probe failed: %s
                """;
        String field = " web CHANGED spec.template.spec.containers[name=web].readinessProbe.httpGet.port";
        assertThat(links("probe-settings", WEB, told.formatted("Get \"http://10.0.0.1:81/\": connection refused")))
                .containsExactly("A" + field);
        assertThat(links("probe-settings", WEB, told.formatted("HTTP probe failed with statuscode: 500")))
                .containsExactly("B" + field);
    }
}
