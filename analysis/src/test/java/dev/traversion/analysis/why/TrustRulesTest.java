/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules about who may ask for what, and is known and trusted, one by one: what they name, and what they do not. */
class TrustRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";

    @Test
    void aTokenThatEndedWithItsSecretIsProvedButNotAnotherOne() throws Exception {
        String read = "image: 'web:1', env: [{name: 'KEY', valueFrom: {secretKeyRef: {name: 'copy', key: 'token'}}}]";
        String told = """
                        -10 is secrets/origin {type: 'kubernetes.io/service-account-token', data: {token: 'dDE='}}
                        -10 is secrets/copy {type: 'Opaque', data: {token: '%2$s'}}
                        -10 base web {%1$s}
                        20 gone secrets/origin
                        40 pod web {%1$s} crashed Error %3$s
                        """;
        assertThat(links("copied-token", WEB, told.formatted(read, "dDE=", "answered 401 Unauthorized")))
                .containsExactly("A origin DELETED");
        assertThat(links("copied-token", WEB, told.formatted(read, "dDE=", "bad")))
                .containsExactly("B origin DELETED");
        for (String said :
                List.of("HTTP/1.1 401", "error: 401", "(401)", "asked for the client to provide credentials")) {
            assertThat(links("copied-token", WEB, told.formatted(read, "dDE=", said)))
                    .as(said)
                    .containsExactly("A origin DELETED");
        }
        for (String said : List.of("took 401 ms", "code 4013", "10.0.0.1:14401 refused")) {
            assertThat(links("copied-token", WEB, told.formatted(read, "dDE=", said)))
                    .as(said)
                    .containsExactly("B origin DELETED");
        }
        assertThat(links("copied-token", WEB, told.formatted(read, "dDI=", "answered 401 Unauthorized")))
                .isEmpty();
    }

    @Test
    void theRoleThatAnAggregatedOneIsMadeOfIsProvedByWhatIsForbidden() throws Exception {
        String told = """
                        -10 is clusterroles.rbac.authorization.k8s.io/part {metadata: {labels: {to: 'all'}}, rules: [{apiGroups: [''], resources: ['configmaps'], verbs: ['list']}]}
                        -10 is clusterroles.rbac.authorization.k8s.io/all {aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: 'all'}}]}, rules: [{apiGroups: [''], resources: ['configmaps'], verbs: ['list']}]}
                        -10 is rolebindings.rbac.authorization.k8s.io/b {roleRef: {kind: 'ClusterRole', name: 'all'}, subjects: [{kind: 'ServiceAccount', name: 'default'}]}
                        -10 base web {image: 'web:1'}
                        20 is clusterroles.rbac.authorization.k8s.io/part {metadata: {labels: {to: '%1$s', more: 'x'}}, rules: [{apiGroups: [''], resources: ['configmaps'], verbs: ['list']}]}
                        21 is clusterroles.rbac.authorization.k8s.io/all {aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: 'all'}}]}, rules: []}
                        40 pod web {image: 'web:1'} crashed Error configmaps is forbidden: User "system:serviceaccount:shop:default" cannot list resource "%2$s" in API group ""
                        """;
        assertThat(links("grants", WEB, told.formatted("none", "configmaps")))
                .containsExactly("A part CHANGED metadata.labels.to");
        assertThat(causes(WEB, told.formatted("none", "configmaps")))
                .first()
                .isEqualTo("A part CHANGED metadata.labels.to");
        assertThat(links("grants", WEB, told.formatted("none", "secrets")))
                .containsExactly("B part CHANGED metadata.labels.to");
        assertThat(links("grants", WEB, told.formatted("all", "configmaps"))).containsExactly("A all CHANGED rules[0]");
    }

    @Test
    void aBindingThatWasLostProvesNothingIfAnotherAllowsTheSameOrItNeverReachedThatFar() throws Exception {
        String told = """
                        -10 is roles.rbac.authorization.k8s.io/reader {rules: [{apiGroups: [''], resources: ['configmaps'], verbs: ['list']}]}
                        -10 is rolebindings.rbac.authorization.k8s.io/old {roleRef: {kind: 'Role', name: 'reader'}, subjects: [{kind: 'ServiceAccount', name: 'default'}]}
                        -10 base web {image: 'web:1'}
                        20 gone rolebindings.rbac.authorization.k8s.io/old
                        21 is rolebindings.rbac.authorization.k8s.io/new {roleRef: {kind: 'Role', name: 'reader'}, subjects: [{kind: 'ServiceAccount', name: '%s'}]}
                        40 pod web {image: 'web:1'} crashed Error configmaps is forbidden: User "system:serviceaccount:shop:default" cannot list resource "configmaps" in API group "" %s
                        """;
        String here = "in the namespace \"shop\"";
        assertThat(links("grants", WEB, told.formatted("other", here))).containsExactly("A old DELETED");
        assertThat(links("grants", WEB, told.formatted("default", here))).containsExactly("B old DELETED");
        assertThat(links("grants", WEB, told.formatted("other", "at the cluster scope")))
                .containsExactly("B old DELETED");
    }

    @Test
    void aBindingThatWasLostProvesNothingToAnotherAccountElsewhereOrIfAGroupHasTheSame() throws Exception {
        String told = """
                        -10 is roles.rbac.authorization.k8s.io/reader {rules: [{apiGroups: [''], resources: ['configmaps'], verbs: ['list']}]}
                        -10 is clusterroles.rbac.authorization.k8s.io/reader {rules: [{apiGroups: [''], resources: ['configmaps'], verbs: ['list']}]}
                        -10 is rolebindings.rbac.authorization.k8s.io/old {roleRef: {kind: 'Role', name: 'reader'}, subjects: [{kind: 'ServiceAccount', name: 'default'}]}
                        -10 is clusterrolebindings.rbac.authorization.k8s.io/all {roleRef: {kind: 'ClusterRole', name: 'reader'}, subjects: [{kind: 'Group', name: '%1$s'}]}
                        -10 base web {image: 'web:1'}
                        20 gone rolebindings.rbac.authorization.k8s.io/old
                        40 pod web {image: 'web:1'} crashed Error User "system:serviceaccount:shop:%2$s" cannot list resource "configmaps" in API group "" in the namespace "%3$s"
                        """;
        assertThat(links("grants", WEB, told.formatted("others", "default", "shop")))
                .containsExactly("A old DELETED");
        assertThat(links("grants", WEB, told.formatted("system:serviceaccounts", "default", "shop")))
                .containsExactly("B old DELETED");
        assertThat(links("grants", WEB, told.formatted("others", "robot", "shop")))
                .containsExactly("B old DELETED");
        assertThat(links("grants", WEB, told.formatted("others", "default", "elsewhere")))
                .isEmpty();
    }

    @Test
    void aConverterThatIsNotThereIsProvedIfTheOtherVersionIsAskedFor() throws Exception {
        String told = """
                        -10 is customresourcedefinitions.apiextensions.k8s.io/widgets.example.com {spec: {group: 'example.com', names: {kind: 'Widget'}, conversion: {strategy: 'None'}, versions: [{name: 'v1', storage: true}, {name: 'v1beta1'}]}}
                        -10 is services/other {spec: {}}
                        -10 is widgets.example.com/first {spec: {}}
                        -10 base web {%1$s}
                        20 is customresourcedefinitions.apiextensions.k8s.io/widgets.example.com {spec: {group: 'example.com', names: {kind: 'Widget'}, conversion: {strategy: 'Webhook', webhook: {clientConfig: {service: {namespace: 'shop', name: '%2$s'}}}}, versions: [{name: 'v1', storage: true}, {name: 'v1beta1'}]}}
                        40 pod web {%1$s} crashed Error %3$s
                        """;
        String asks = "image: 'web:1', args: ['https://kubernetes.default.svc/apis/example.com/%s']";
        assertThat(links(
                        "conversion-webhook",
                        WEB,
                        told.formatted(asks.formatted("v1beta1/widgets"), "convert", "answered 500")))
                .containsExactly(
                        "A widgets.example.com CHANGED spec.conversion.strategy",
                        "A widgets.example.com CHANGED spec.conversion.webhook");
        assertThat(links(
                        "conversion-webhook",
                        WEB,
                        told.formatted(asks.formatted("v1beta1/widgets"), "other", "answered 500")))
                .isEmpty();
        assertThat(links(
                        "conversion-webhook",
                        WEB,
                        told.formatted(asks.formatted("v1/widgets"), "convert", "answered 500")))
                .isEmpty();
        assertThat(links(
                        "conversion-webhook",
                        WEB,
                        told.formatted(asks.formatted("v1beta1/gadgets"), "convert", "answered 500")))
                .as("of another kind")
                .isEmpty();
        String said = "conversion webhook for example.com/v1beta1, Kind=%s failed: Post https://convert.shop.svc";
        assertThat(links(
                        "conversion-webhook",
                        WEB,
                        told.formatted(asks.formatted("v1/widgets"), "convert", said.formatted("Widget"))))
                .contains("A widgets.example.com CHANGED spec.conversion.strategy");
        assertThat(links(
                        "conversion-webhook",
                        WEB,
                        told.formatted(asks.formatted("v1/widgets"), "convert", said.formatted("WidgetSet"))))
                .isEmpty();
    }

    @Test
    void anApiOfAServiceThatNeverWasIsProvedButNotIfItIsThere() throws Exception {
        String told = """
                        -10 is services/metrics {spec: {selector: {app: 'metrics'}}}
                        20 made apiservices.apiregistration.k8s.io/v1.example.com {spec: {group: 'example.com', service: {namespace: 'shop', name: '%s'}}, status: {conditions: [{type: 'Available', status: 'False', reason: 'ServiceNotFound', lastTransitionTime: '2026-02-02T02:40:21Z'}]}}
                        30 is namespaces/old {metadata: {deletionTimestamp: '2026-02-02T02:40:30Z'}, status: {conditions: [{type: 'NamespaceDeletionDiscoveryFailure', status: 'True', message: 'Discovery failed for some groups, 1 failing: example.com/v1: stale GroupVersion discovery'}]}}
                        """;
        assertThat(causes("namespaces/old", told.formatted("nobody"))).containsExactly("A v1.example.com CREATED");
        assertThat(causes("namespaces/old", told.formatted("metrics"))).isEmpty();
    }

    @Test
    void aCertificateForOtherNamesIsWhatTheServerReadsButOnlyIfTheMessageSaysSo() throws Exception {
        String told = """
                        -10 is namespaces/shop {spec: {}}
                        -10 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 443}]}}
                        -10 is secrets/db-tls {data: {'tls.crt': 'YQ=='}}
                        -10 is pods/db-1 {metadata: {labels: {app: 'db'}}, spec: {volumes: [{name: 't', secret: {secretName: 'db-tls'}}], containers: []}}
                        -10 base web {%1$s}
                        20 is secrets/db-tls {data: {'tls.crt': 'Yg=='}}
                        40 pod web {%1$s} crashed Error %2$s
                        """;
        String calls = "image: 'web:1', args: ['https://db.shop.svc/']";
        assertThat(links(
                        "certificate-names",
                        WEB,
                        told.formatted(
                                calls,
                                "x509: certificate is valid for db.example.com, www.example.com, not db.shop.svc")))
                .containsExactly("B db-tls CHANGED data[\"tls.crt\"]");
        String unsigned = "https://db.shop.svc/ failed: x509: certificate signed by unknown authority";
        assertThat(links("certificate-names", WEB, told.formatted(calls, unsigned)))
                .containsExactly("B db-tls CHANGED data[\"tls.crt\"]");
        assertThat(links("certificate-names", WEB, told.formatted(calls, "x509: certificate has expired")))
                .isEmpty();
        assertThat(links(
                        "certificate-names",
                        WEB,
                        told.formatted(calls, unsigned.replace("db.shop.svc", "example.com"))
                                .replace("args: ['https://db.shop.svc/']", "args: ['https://example.com/']")))
                .as("somebody else answers")
                .isEmpty();
    }

    @Test
    void aLowPortWithoutTheCapabilityIsProvedIfTheMessageSaysSo() throws Exception {
        String told = """
                        -10 base web {image: 'web:1', readinessProbe: {httpGet: {port: %1$s}}}
                        20 rollout web b {image: 'web:1', readinessProbe: {httpGet: {port: %1$s}}, securityContext: {capabilities: {%2$s}}} crashed Error %3$s
                        """;
        String path = " web CHANGED spec.template.spec.containers[name=web].securityContext";
        String denied = "listen tcp :80: bind: permission denied";
        assertThat(links("security-context", WEB, told.formatted("80", "drop: ['ALL']", denied)))
                .containsExactly("A" + path);
        assertThat(links("security-context", WEB, told.formatted("80", "drop: ['ALL']", "bad")))
                .containsExactly("B" + path);
        assertThat(links(
                        "security-context",
                        WEB,
                        told.replace("securityContext: {", "securityContext: {privileged: true, ")
                                .formatted("80", "drop: ['ALL']", denied)))
                .as("who is privileged may")
                .containsExactly("B" + path);
        assertThat(links(
                        "security-context",
                        WEB,
                        told.formatted("80", "drop: ['ALL'], add: ['NET_BIND_SERVICE']", denied)))
                .containsExactly("B" + path);
        assertThat(links("security-context", WEB, told.formatted("8080", "drop: ['ALL']", denied)))
                .containsExactly("B" + path);
    }

    @Test
    void whoeverIsAnotherUserMayNotReadWhatIsNotItsOwn() throws Exception {
        String spec = "containers: [{name: 'web', securityContext: {%s}}]";
        String field = "B web CHANGED spec.template.spec.containers[name=web].securityContext.";
        String denied = Story.crashed(30, "Error", "open /srv/a: permission denied");
        String readOnly = "readOnlyRootFilesystem: %s, runAsUser: %d";
        assertThat(causes(
                        WEB,
                        rollout(
                                spec.formatted(readOnly.formatted(false, 1)),
                                spec.formatted(readOnly.formatted(true, 2)),
                                denied)))
                .startsWith(field + "runAsUser", field + "readOnlyRootFilesystem");
        String drops = "capabilities: {drop: ['%s']}, runAsUser: %d";
        assertThat(causes(
                                WEB,
                                rollout(
                                        spec.formatted(drops.formatted("KILL", 1)),
                                        spec.formatted(drops.formatted("ALL", 2)),
                                        denied))
                        .getFirst())
                .isEqualTo(field + "runAsUser");
        String whole = rollout(
                "containers: [{name: 'web', securityContext: {readOnlyRootFilesystem: false}}]",
                "securityContext: {runAsUser: 1}, containers: [{name: 'web', securityContext: {readOnlyRootFilesystem:"
                        + " true}}]",
                denied);
        assertThat(causes(WEB, whole).getFirst()).isEqualTo("B web CHANGED spec.template.spec.securityContext");

        assertThat(causes(
                                WEB,
                                rollout(
                                        spec.formatted(readOnly.formatted(false, 1)),
                                        spec.formatted(readOnly.formatted(true, 2)),
                                        Story.crashed(30, "Error", "open /srv/a: read-only file system")))
                        .getFirst())
                .isEqualTo(field + "readOnlyRootFilesystem");
    }

    @Test
    void aPortThatWasFreeForAnybodyInThePodIsProvedIfItMayNotBeBoundSince() throws Exception {
        String spec = "securityContext: {fsGroup: 1%s}, containers: [{name: 'web', ports: [{containerPort: %d}]}]";
        String sysctls = ", sysctls: [{name: '%s', value: '0'}]";
        String free = sysctls.formatted("net.ipv4.ip_unprivileged_port_start");
        String denied = Story.crashed(30, "Error", "listen tcp :80: bind: permission denied");
        String field = " web CHANGED spec.template.spec.securityContext.sysctls";
        assertThat(links("security-context", WEB, rollout(spec.formatted(free, 80), spec.formatted("", 80), denied)))
                .containsExactly("A" + field);

        assertThat(links(
                        "security-context", WEB, rollout(spec.formatted(free, 8080), spec.formatted("", 8080), denied)))
                .as("a port that is free for anybody")
                .containsExactly("B" + field);
        String other = sysctls.formatted("net.ipv4.tcp_syncookies");
        assertThat(links("security-context", WEB, rollout(spec.formatted(other, 80), spec.formatted("", 80), denied)))
                .as("another parameter")
                .containsExactly("B" + field);
        String bad = Story.crashed(30, "Error", "bad");
        assertThat(links("security-context", WEB, rollout(spec.formatted(free, 80), spec.formatted("", 80), bad)))
                .as("it says nothing of it")
                .containsExactly("B" + field);
    }
}
