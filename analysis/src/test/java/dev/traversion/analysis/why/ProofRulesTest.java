/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What looks like a proof and is none: what was put back, does not concern who fails, or may well work. */
class ProofRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";
    private static final String PEER = "image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]";

    @Test
    void aPolicyShutsNobodyOutOnceItIsGoneOrWhereTheNodesNetworkIsUsed() throws Exception {
        String told = """
                        -10 is namespaces/shop {}
                        -10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        -10 is pods/db {metadata: {labels: {app: 'db'}}, spec: {%2$s containers: [{name: 'db'}]}, status: {phase: 'Running'}}
                        -10 base web {%1$s}
                        20 made networkpolicies.networking.k8s.io/deny {spec: {podSelector: {matchLabels: {app: 'db'}}, policyTypes: ['Ingress']}}
                        %3$s
                        40 pod web {%1$s} crashed Error timeout
                        """;
        assertThat(links("network-policy", WEB, told.formatted(PEER, "", ""))).containsExactly("A deny CREATED");
        assertThat(links(
                        "network-policy",
                        WEB,
                        told.formatted(PEER, "", "30 gone networkpolicies.networking.k8s.io/deny")))
                .isEmpty();
        assertThat(links("network-policy", WEB, told.formatted(PEER, "hostNetwork: true,", "")))
                .isEmpty();
    }

    @Test
    void aPolicyThatChoosesByLabelsOfNamespacesProvesNothingWhereThoseAreNotKnown() throws Exception {
        String told = """
                        %2$s
                        -10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        -10 base db {image: 'db:1'}
                        -10 base web {%1$s}
                        20 made networkpolicies.networking.k8s.io/deny {spec: {podSelector: {matchLabels: {app: 'db'}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: 'a'}}}]}]}}
                        40 pod web {%1$s} crashed Error timeout
                        """;
        assertThat(links("network-policy", WEB, told.formatted(PEER, "-10 is namespaces/shop {}")))
                .containsExactly("A deny CREATED");
        assertThat(links("network-policy", WEB, told.formatted(PEER, ""))).isEmpty();
    }

    @Test
    void theClustersDnsIsNothingToAPodThatNamesNobody() throws Exception {
        String told = """
                        -10 is namespaces/shop {}
                        -10 is namespaces/kube-system {}
                        -10 is services/kube-dns@kube-system {spec: {selector: {app: 'dns'}, ports: [{port: 53, protocol: 'UDP'}]}}
                        -10 is pods/dns@kube-system {metadata: {labels: {app: 'dns'}}, spec: {containers: [{name: 'dns'}]}, status: {phase: 'Running'}}
                        -10 base web {image: 'web:1', args: ['%1$s']}
                        20 made networkpolicies.networking.k8s.io/deny {spec: {podSelector: {}, policyTypes: ['Egress']}}
                        40 pod web {image: 'web:1', args: ['%1$s']} crashed Error bad
                        """;
        assertThat(links("network-policy", WEB, told.formatted("https://www.example.com")))
                .containsExactly("A deny CREATED");
        assertThat(links("network-policy", WEB, told.formatted("--verbose"))).containsExactly("B deny CREATED");
    }

    @Test
    void otherServersMayKnowTheNamesOfTheCluster() throws Exception {
        String told = """
                        -10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80}]}}
                        -10 is deployments.apps/web {spec: {template: {spec: {containers: [{name: 'web', args: ['%1$s']}]}}}}
                        20 is deployments.apps/web {spec: {template: {spec: {dnsPolicy: 'None', %2$s containers: [{name: 'web', args: ['%1$s']}]}}}}
                        21 made replicasets.apps/web-b {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment', controller: true, name: 'web', uid: 'u-web'}]}, spec: {replicas: 1}}
                        30 made pods/web-b-1 {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true, name: 'web-b', uid: 'u-web-b'}]}, spec: {dnsPolicy: 'None', %2$s containers: [{name: 'web', args: ['%1$s']}]}, status: {phase: 'Running', containerStatuses: [{name: 'web', state: {waiting: {reason: 'CrashLoopBackOff'}}, lastState: {terminated: {exitCode: 1, reason: 'Error', message: '%3$s', finishedAt: '2026-02-02T02:40:30Z'}}}]}}
                        """;
        String policy = "web CHANGED spec.template.spec.dnsPolicy";
        String servers = "dnsConfig: {nameservers: ['169.254.20.10']},";
        assertThat(links("dns-policy", WEB, told.formatted("http://db", "", "bad")))
                .containsExactly("A " + policy);
        assertThat(links("dns-policy", WEB, told.formatted("http://db", servers, "bad")))
                .contains("B " + policy)
                .noneMatch(each -> each.startsWith("A"));
        assertThat(links("dns-policy", WEB, told.formatted("http://db", servers, "lookup db: no such host")))
                .contains("A " + policy);
        assertThat(links("dns-policy", WEB, told.formatted("http://10.0.0.7", "", "bad")))
                .as("a number is not looked up")
                .isEmpty();
    }

    @Test
    void aNameOutsideOfTheClusterMayAnswer() throws Exception {
        String told = """
                        -10 is namespaces/shop {spec: {}}
                        -10 is services/real {spec: {selector: {app: 'real'}, ports: [{port: 80}]}}
                        -10 is services/db {spec: {type: 'ExternalName', externalName: 'real.shop.svc.cluster.local'}}
                        -10 base web {%1$s}
                        20 is services/db {spec: {type: 'ExternalName', externalName: '%2$s'}}
                        %3$s
                        40 pod web {%1$s} crashed Error bad
                        """;
        assertThat(links("external-name", WEB, told.formatted(PEER, "db.example.com", "")))
                .containsExactly("B db CHANGED spec.externalName");
        String putBack =
                "30 is services/db {spec: {type: 'ExternalName', externalName: 'real.shop.svc.cluster.local'}}";
        assertThat(links("external-name", WEB, told.formatted(PEER, "reel.shop.svc.cluster.local", putBack)))
                .noneMatch(each -> each.startsWith("A"));
    }

    @Test
    void aVersionThatIsServedAgainOrAskedForOfAnotherKindIsNotMissed() throws Exception {
        String definition =
                "is customresourcedefinitions.apiextensions.k8s.io/widgets.example.com {spec: {group: 'example.com',"
                        + " versions: [{name: 'v1', served: true}, {name: 'v1beta1', served: %s}]}}\n";
        String told = "-10 " + definition.formatted(true) + "20 " + definition.formatted(false)
                + "-10 base web {image: 'web:1', args: ['/apis/example.com/v1beta1/%1$s']}\n"
                + "40 pod web {image: 'web:1', args: ['/apis/example.com/v1beta1/%1$s']} crashed Error 404\n";
        assertThat(links("served-version", WEB, told.formatted("namespaces/shop/widgets")))
                .anyMatch(each -> each.startsWith("A"));
        assertThat(links("served-version", WEB, told.formatted("gadgets"))).noneMatch(each -> each.startsWith("A"));
        assertThat(links("served-version", WEB, told.formatted("widgets") + "30 " + definition.formatted(true)))
                .isEmpty();
    }

    @Test
    void aMessageNamesAnObjectByItsOwnKind() throws Exception {
        String told = """
                        -10 is ingresses.networking.k8s.io/nginx {spec: {}}
                        -10 base web {image: 'web:1'}
                        20 gone ingresses.networking.k8s.io/nginx
                        30 event Deployment/web FailedCreate %s
                        """;
        assertThat(links("named-object", WEB, told.formatted("ingresses.networking.k8s.io \"nginx\" not found")))
                .containsExactly("A nginx DELETED");
        assertThat(links("named-object", WEB, told.formatted("ingressclasses.networking.k8s.io \"nginx\" not found")))
                .containsExactly("B nginx DELETED");
    }

    @Test
    void aLevelOfPodSecurityIsProvedOnlyIfItIsStricterAndNobodyWasAdmittedSince() throws Exception {
        String told = """
                        -10 is namespaces/shop {metadata: {labels: {'pod-security.kubernetes.io/enforce': '%1$s'}}}
                        -10 base web {image: 'web:1'}
                        10 is namespaces/shop {metadata: {labels: {'pod-security.kubernetes.io/enforce': '%2$s'}}}
                        20 rollout web b {image: 'web:2'} %3$s
                        40 rollout web c {image: 'web:3'} refused
                        42 event ReplicaSet/web-c FailedCreate pods is forbidden: violates PodSecurity "baseline:latest": privileged (container "web" must not set securityContext.privileged=true)
                        """;
        String field = " shop CHANGED metadata.labels[\"pod-security.kubernetes.io/enforce\"]";
        assertThat(links("pod-security", WEB, told.formatted("privileged", "baseline", "refused")))
                .containsExactly("A" + field);
        assertThat(links("pod-security", WEB, told.formatted("restricted", "baseline", "refused")))
                .as("it refused so before")
                .containsExactly("B" + field);
        assertThat(links("pod-security", WEB, told.formatted("baseline", "privileged", "refused")))
                .as("a word of the message")
                .containsExactly("B" + field);
        assertThat(links("pod-security", WEB, told.formatted("privileged", "baseline", "ready")))
                .as("a pod was admitted since")
                .containsExactly("B" + field);
    }

    @Test
    void aTokenThatWasSwitchedOnAgainIsNotMissedForIt() throws Exception {
        String owner =
                "ownerReferences: [{apiVersion: 'apps/v1', kind: 'StatefulSet', controller: true, name: 'web', uid: 'u-web'}]";
        String told = """
                        -10 is serviceaccounts/web {}
                        -20 is pods/web-1 {metadata: {%1$s}, spec: {serviceAccountName: 'web', volumes: [{name: 't', projected: {sources: [{serviceAccountToken: {path: 'token'}}]}}], containers: [{name: 'web'}]}, status: {phase: 'Running'}}
                        -20 is statefulsets.apps/web {spec: {template: {spec: {containers: [{name: 'web'}]}}}}
                        10 is serviceaccounts/web {automountServiceAccountToken: false}
                        15 is serviceaccounts/web {automountServiceAccountToken: true}
                        20 is statefulsets.apps/web {spec: {template: {spec: {automountServiceAccountToken: false, containers: [{name: 'web'}]}}}}
                        30 made pods/web-0 {metadata: {%1$s}, spec: {serviceAccountName: 'web', containers: [{name: 'web'}]}, status: {phase: 'Running', containerStatuses: [{name: 'web', state: {waiting: {reason: 'CrashLoopBackOff'}}, lastState: {terminated: {exitCode: 1, reason: 'Error', message: '%2$s', finishedAt: '2026-02-02T02:40:30Z'}}}]}}
                        """;
        String field = " web CHANGED spec.template.spec.automountServiceAccountToken";
        assertThat(links(
                        "account-token",
                        "pods/web-0",
                        told.formatted(owner, "open /var/run/secrets/kubernetes.io/serviceaccount/token")))
                .containsExactly("A" + field);
        assertThat(links(
                        "account-token",
                        "pods/web-0",
                        told.formatted(owner, "system:serviceaccount:shop:x is forbidden")))
                .containsExactly("B" + field);
        String first = told.replaceFirst("(?m)^ *-20 is pods/web-1.*\\R", "");
        assertThat(links(
                        "account-token",
                        "pods/web-0",
                        first.formatted(owner, "open /var/run/secrets/kubernetes.io/serviceaccount/token")))
                .containsExactly("A" + field);
        assertThat(links("account-token", "pods/web-0", first.formatted(owner, "bad")))
                .as("no pod ever had one, and nothing says that it is missed")
                .isEmpty();
    }

    @Test
    void aTaintThatWasTakenAwayDroveNobody() throws Exception {
        String told = """
                        -20 is nodes/n1 {spec: {}}
                        5 is nodes/n1 {spec: {taints: [{key: 'k', value: 'v', effect: 'NoExecute'}]}}
                        10 is nodes/n1 {spec: {}}
                        20 is nodes/n1 {spec: {taints: [{key: 'k', value: 'v', effect: 'NoExecute'}]}}
                        %s
                        22 is pods/p {spec: {nodeName: 'n1', containers: [{name: 'web'}]}, status: {phase: 'Running', conditions: [{type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager', message: 'm', lastTransitionTime: '2026-02-02T02:40:21Z'}]}}
                        """;
        assertThat(links("taint-eviction", "pods/p", told.formatted(""))).hasSize(1);
        assertThat(links("taint-eviction", "pods/p", told.formatted("21 is nodes/n1 {spec: {}}")))
                .isEmpty();
    }

    @Test
    void aMaximumThatWasRaisedAgainLimitsNobody() throws Exception {
        String scaler = "horizontalpodautoscalers.autoscaling/web";
        String limited =
                "status: {conditions: [{type: 'ScalingLimited', status: '%s', reason: 'TooManyReplicas', message: 'm',"
                        + " lastTransitionTime: '2026-02-02T02:40:%sZ'}]}}\n";
        String told = "-10 is " + scaler + " {spec: {maxReplicas: 9}, " + limited.formatted("False", "00") + "10 is "
                + scaler + " {spec: {maxReplicas: 5}, " + limited.formatted("False", "00") + "%s" + "40 is " + scaler
                + " {spec: {maxReplicas: %d}, " + limited.formatted("True", "40");
        assertThat(links("scaler-limit", scaler, told.formatted("", 5)))
                .containsExactly("A web CHANGED spec.maxReplicas");
        assertThat(links("scaler-limit", scaler, told.formatted("20 is " + scaler + " {spec: {maxReplicas: 9}}\n", 9)))
                .isEmpty();
    }

    @Test
    void aHookIsNotWhatHoldsAPodThatAnotherOneHeldBeforeOrThatHasNoTimeForIt() throws Exception {
        String hook = "{name: '%s', lifecycle: {preStop: {sleep: {seconds: %d}}}}";
        String told = """
                -30 is deployments.apps/web {spec: {replicas: 1, template: {spec: {containers: [%2$s]}}}, status: {readyReplicas: 1}}
                1 is deployments.apps/web {spec: {replicas: 1, template: {spec: {containers: [%3$s]}}}, status: {readyReplicas: 1}}
                100 made pods/web-1 {metadata: {deletionTimestamp: '%1$s', deletionGracePeriodSeconds: %4$d, ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment', controller: true, name: 'web', uid: 'u-web'}]}, spec: {containers: [%3$s]}, status: {phase: 'Running'}}
                101 is deployments.apps/web {spec: {replicas: 1, template: {spec: {containers: [%3$s]}}}, status: {readyReplicas: 0}}
                """;
        String field = " web CHANGED spec.template.spec.containers[name=web].lifecycle.preStop.sleep.seconds";
        String shortly = hook.formatted("web", 1);
        String slept = hook.formatted("web", 600);
        assertThat(links("slow-end", WEB, told.formatted(Story.time(800), shortly, slept, 700)))
                .containsExactly("A" + field);
        assertThat(links("slow-end", WEB, told.formatted(Story.time(130), shortly, slept, 30)))
                .as("the kubelet ends it after its time of grace")
                .containsExactly("B" + field);
        String other = ", " + hook.formatted("other", 600);
        assertThat(links("slow-end", WEB, told.formatted(Story.time(800), shortly + other, slept + other, 700)))
                .as("another hook was as long")
                .containsExactly("B" + field);
    }

    @Test
    void anObjectThatAProgramAskedTheServerForAndThatIsGoneIsProvedByItsAddress() throws Exception {
        String told = """
                        -20 is configmaps/flags {data: {a: 'b'}}
                        -10 base web {image: 'web:1'}
                        20 gone configmaps/flags
                        30 pod web {image: 'web:1'} crashed Error https://api/api/v1/namespaces/shop/%s answered 404: configmaps "flags" not found
                        """;
        assertThat(links("named-object", WEB, told.formatted("configmaps/flags")))
                .containsExactly("A flags DELETED");
        assertThat(links("named-object", WEB, told.formatted("configmaps/other")))
                .isEmpty();
    }
}
