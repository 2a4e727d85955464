/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rules about what pods read, name and serve, one by one: what they name, and what they do not. */
class ServiceRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";

    @Test
    void aDeletedConfigMapIsProvedButNotOneThatIsThere() throws Exception {
        assertThat(links("missing-reference", WEB, """
                        -10 is configmaps/settings {data: {mode: 'x'}}
                        -10 base web {image: 'web:1'}
                        10 gone configmaps/settings
                        20 rollout web b {image: 'web:2', envFrom: [{configMapRef: {name: 'settings'}}]} waiting CreateContainerConfigError not found
                        """)).contains("A settings DELETED");

        assertThat(links("missing-reference", WEB, """
                        -10 is configmaps/settings {data: {mode: 'x'}}
                        -10 base web {image: 'web:1'}
                        20 rollout web b {image: 'web:2', envFrom: [{configMapRef: {name: 'settings'}}]} waiting CreateContainerConfigError something
                        """)).isEmpty();
    }

    @Test
    void changedContentIsNamedToWhoReadsItButNotToOthers() throws Exception {
        assertThat(links("config-content", WEB, """
                        -10 is configmaps/settings {data: {mode: 'x'}}
                        -10 base web {image: 'web:2', envFrom: [{configMapRef: {name: 'settings'}}]}
                        20 is configmaps/settings {data: {mode: 'y'}}
                        40 pod web {image: 'web:2', envFrom: [{configMapRef: {name: 'settings'}}]} crashed Error bad mode
                        """)).contains("B settings CHANGED data.mode");

        assertThat(links("config-content", WEB, """
                        -10 is configmaps/other {data: {mode: 'x'}}
                        -10 base web {image: 'web:2', envFrom: [{configMapRef: {name: 'settings'}}]}
                        20 is configmaps/other {data: {mode: 'y'}}
                        40 pod web {image: 'web:2', envFrom: [{configMapRef: {name: 'settings'}}]} crashed Error bad mode
                        """)).isEmpty();
    }

    @Test
    void aServiceThatIsGoneExplainsWhoNamesItButNobodyElse() throws Exception {
        assertThat(links("named-service", WEB, """
                        -10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        -10 base web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]}
                        20 gone services/db
                        40 pod web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]} crashed Error no such host
                        """)).contains("A -> SERVICE_GONE db");

        assertThat(links("named-service", WEB, """
                        -10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        -10 base web {image: 'web:1'}
                        20 gone services/db
                        40 pod web {image: 'web:1'} crashed Error no such host
                        """)).isEmpty();
    }

    @Test
    void aDeletionOfAServiceIsTheEndUnlessItIsThereAgain() throws Exception {
        assertThat(links("service-deleted", "services/db", """
                        -10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        20 gone services/db
                        """)).contains("A db DELETED");

        assertThat(links("service-deleted", "services/db", """
                        -10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        20 gone services/db
                        21 made services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        """)).isEmpty();
    }

    @Test
    void aSelectorThatSelectsNothingIsProvedButNotOneThatStillSelects() throws Exception {
        assertThat(links("service-selector", "services/web", """
                        -10 base web {image: 'web:1'}
                        -10 is services/web {spec: {selector: {app: 'web'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        -9 is endpointslices.discovery.k8s.io/web-1 {metadata: {labels: {'kubernetes.io/service-name': 'web'}}, endpoints: [{conditions: {ready: true}}]}
                        20 is services/web {spec: {selector: {app: 'wbe'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        21 is endpointslices.discovery.k8s.io/web-1 {metadata: {labels: {'kubernetes.io/service-name': 'web'}}, endpoints: []}
                        """)).contains("A web CHANGED spec.selector.app");

        assertThat(links("service-selector", "services/web", """
                        -10 base web {image: 'web:1'}
                        -10 is services/web {spec: {selector: {app: 'web'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        -9 is endpointslices.discovery.k8s.io/web-1 {metadata: {labels: {'kubernetes.io/service-name': 'web'}}, endpoints: [{conditions: {ready: true}}]}
                        20 is services/web {spec: {selector: {app: 'web'}, ports: [{port: 81, targetPort: 8080}]}}
                        21 is endpointslices.discovery.k8s.io/web-1 {metadata: {labels: {'kubernetes.io/service-name': 'web'}}, endpoints: []}
                        """)).isEmpty();
    }

    @Test
    void aTargetPortThatNoPodDeclaresIsProvedButNotAnotherNodePort() throws Exception {
        assertThat(links("service-port", "services/web", """
                        -10 base web {image: 'web:1', ports: [{containerPort: 8080}]}
                        -10 is services/web {spec: {selector: {app: 'web'}, ports: [{port: 80, targetPort: 8080}]}}
                        20 is services/web {spec: {selector: {app: 'web'}, ports: [{port: 80, targetPort: 8081}]}}
                        """)).contains("A web CHANGED spec.ports[port=80].targetPort");

        assertThat(links("service-port", "services/web", """
                        -10 base web {image: 'web:1', ports: [{containerPort: 8080}]}
                        -10 is services/web {spec: {selector: {app: 'web'}, ports: [{port: 80, targetPort: 8081, nodePort: 1}]}}
                        20 is services/web {spec: {selector: {app: 'web'}, ports: [{port: 80, targetPort: 8081, nodePort: 2}]}}
                        """)).isEmpty();
    }

    @Test
    void aServiceHasNoEndpointsBecauseOfItsPodsButNotOfTroublesThatCameLater() throws Exception {
        assertThat(links("endpoint-pods", "services/web", """
                        -10 base web {image: 'web:1'}
                        -10 is services/web {spec: {selector: {app: 'web'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        -9 is endpointslices.discovery.k8s.io/web-1 {metadata: {labels: {'kubernetes.io/service-name': 'web'}}, endpoints: [{conditions: {ready: true}}]}
                        20 pod web {image: 'web:1'} crashed Error bad
                        21 is endpointslices.discovery.k8s.io/web-1 {metadata: {labels: {'kubernetes.io/service-name': 'web'}}, endpoints: []}
                        """)).contains("A -> CRASHED web-a-x");

        assertThat(links("endpoint-pods", "services/web", """
                        -10 base web {image: 'web:1'}
                        -10 is services/web {spec: {selector: {app: 'web'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        -9 is endpointslices.discovery.k8s.io/web-1 {metadata: {labels: {'kubernetes.io/service-name': 'web'}}, endpoints: [{conditions: {ready: true}}]}
                        20 is endpointslices.discovery.k8s.io/web-1 {metadata: {labels: {'kubernetes.io/service-name': 'web'}}, endpoints: []}
                        200 pod web {image: 'web:1'} crashed Error bad
                        """)).isEmpty();
    }

    @Test
    void replicasSetToZeroAreProvedButFewerAreNoTrouble() throws Exception {
        assertThat(links("scaled-to-zero", WEB, """
                        -10 is deployments.apps/web {spec: {replicas: 2, template: {metadata: {labels: {app: 'web'}}, spec: {containers: [{name: 'web', image: 'web:1'}]}}}}
                        20 is deployments.apps/web {spec: {replicas: 0, template: {metadata: {labels: {app: 'web'}}, spec: {containers: [{name: 'web', image: 'web:1'}]}}}}
                        """)).contains("A web CHANGED spec.replicas");

        assertThat(links("scaled-to-zero", WEB, """
                        -10 is deployments.apps/web {spec: {replicas: 2, template: {metadata: {labels: {app: 'web'}}, spec: {containers: [{name: 'web', image: 'web:1'}]}}}}
                        20 is deployments.apps/web {spec: {replicas: 1, template: {metadata: {labels: {app: 'web'}}, spec: {containers: [{name: 'web', image: 'web:1'}]}}}}
                        """)).isEmpty();
    }

    @Test
    void aBindingThatIsGoneExplainsItsAccountsPodsButNoOthers() throws Exception {
        assertThat(links("grants", WEB, """
                        -10 is rolebindings.rbac.authorization.k8s.io/web {roleRef: {kind: 'Role', name: 'reader'}, subjects: [{kind: 'ServiceAccount', name: 'default'}]}
                        -10 base web {image: 'web:1'}
                        20 gone rolebindings.rbac.authorization.k8s.io/web
                        40 pod web {image: 'web:1'} crashed Error pods is forbidden
                        """)).contains("B web DELETED");

        assertThat(links("grants", WEB, """
                        -10 is rolebindings.rbac.authorization.k8s.io/web {roleRef: {kind: 'Role', name: 'reader'}, subjects: [{kind: 'ServiceAccount', name: 'other'}]}
                        -10 base web {image: 'web:1'}
                        20 gone rolebindings.rbac.authorization.k8s.io/web
                        40 pod web {image: 'web:1'} crashed Error pods is forbidden
                        """)).isEmpty();
    }

    @Test
    void aPolicyThatClosesTheWayIsProvedButNotOneThatLetsItThrough() throws Exception {
        assertThat(links("network-policy", WEB, """
                        -10 is namespaces/shop {}
                        -10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        -10 base db {image: 'db:1'}
                        -10 base web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]}
                        20 made networkpolicies.networking.k8s.io/deny {spec: {podSelector: {matchLabels: {app: 'db'}}, policyTypes: ['Ingress']}}
                        40 pod web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]} crashed Error timeout
                        """)).contains("A deny CREATED");

        assertThat(links("network-policy", WEB, """
                        -10 is namespaces/shop {}
                        -10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        -10 base db {image: 'db:1'}
                        -10 base web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]}
                        20 made networkpolicies.networking.k8s.io/deny {spec: {podSelector: {matchLabels: {app: 'db'}}, ingress: [{from: [{podSelector: {matchLabels: {app: 'web'}}}]}]}}
                        40 pod web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]} crashed Error timeout
                        """)).isEmpty();
    }

    @Test
    void ofTwoLabelsThatWereChangedAtOnceTheOneThatNoPodHasIsProved() throws Exception {
        assertThat(links("service-selector", "services/db", """
                        -10 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                        -10 is pods/db-1 {metadata: {labels: {app: 'db', tier: 'x'}}, spec: {containers: []}}
                        -9 is endpointslices.discovery.k8s.io/db-1 {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, ports: [{port: 80}], endpoints: [{addresses: ['10.0.0.9']}]}
                        20 is services/db {spec: {selector: {name: 'db', tier: 'x'}, ports: [{port: 80}]}}
                        21 is endpointslices.discovery.k8s.io/db-1 {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, ports: [{port: 80}], endpoints: []}
                        """))
                .containsExactlyInAnyOrder(
                        "B db CHANGED spec.selector.app",
                        "A db CHANGED spec.selector.name",
                        "B db CHANGED spec.selector.tier");
    }
}
