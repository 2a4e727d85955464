/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rules about how something is reached, allowed and trusted, one by one: what they name, and what they do not. */
class PathRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";
    private static final String PEER = "image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]";

    @Test
    void aNameThatAServiceStandsForIsProvedIfNobodyAnswersToItAnyMore() throws Exception {
        String told = """
                        -10 is namespaces/shop {spec: {}}
                        -10 is services/real {spec: {selector: {app: 'real'}, ports: [{port: 80}]}}
                        -10 is services/db {spec: {type: 'ExternalName', externalName: 'real.shop.svc.cluster.local'}}
                        -10 base web {%s}
                        20 is services/db {spec: {type: 'ExternalName', externalName: '%s'}}
                        40 pod web {%s} crashed Error bad
                        """;
        assertThat(links("external-name", WEB, told.formatted(PEER, "reel.shop.svc.cluster.local", PEER)))
                .containsExactly("A db CHANGED spec.externalName");
        assertThat(links("external-name", WEB, told.formatted("image: 'web:1'", "reel.shop", "image: 'web:1'")))
                .isEmpty();
    }

    @Test
    void addressesWrittenByHandAreProvedIfAPodHadOneAndNobodyAnswersAtTheOther() throws Exception {
        String told = """
                        -10 is services/db {spec: {%1$sports: [{port: 80}]}}
                        -10 is endpointslices.discovery.k8s.io/db-1 {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, endpoints: [{addresses: ['10.0.0.9']}]}
                        -10 is pods/real {spec: {containers: []}, status: {phase: 'Running', podIP: '10.0.0.9'}}
                        -10 base web {%2$s}
                        20 is endpointslices.discovery.k8s.io/db-1 {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, endpoints: [{addresses: ['192.0.2.1']}]}
                        40 pod web {%2$s} crashed Error %3$s
                        """;
        String field = "db-1 CHANGED endpoints[0].addresses[0]";
        assertThat(links("hand-written-endpoints", WEB, told.formatted("", PEER, "dial tcp 192.0.2.1:80: i/o timeout")))
                .containsExactly("A " + field);
        assertThat(links(
                        "hand-written-endpoints",
                        WEB,
                        told.formatted("clusterIP: '10.9.0.1', ", PEER, "10.9.0.1:80: connection refused")))
                .containsExactly("A " + field);
        assertThat(links(
                        "hand-written-endpoints", WEB, told.formatted("", PEER, "bad") + "39 seen web-a-x 192.0.2.1\n"))
                .containsExactly("A " + field);
        assertThat(links("hand-written-endpoints", WEB, told.formatted("", PEER, "bad")))
                .as("whatever is outside may answer")
                .containsExactly("B " + field);
        assertThat(links("hand-written-endpoints", WEB, told.formatted("", PEER, "192.0.2.10:80: connection refused")))
                .containsExactly("B " + field);
        assertThat(links("hand-written-endpoints", WEB, told.formatted("type: 'ExternalName', ", PEER, "bad")))
                .isEmpty();
    }

    @Test
    void addressesWrittenByHandAreProvedToBeGoneIfThereAreNoOthers() throws Exception {
        String told = """
                        -10 is services/db {spec: {ports: [{port: 80}]}}
                        -10 is endpointslices.discovery.k8s.io/db-1 {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, endpoints: [{addresses: ['10.0.0.9']}]}
                        -10 is pods/real {spec: {containers: []}, status: {phase: 'Running', podIP: '10.0.0.9'}}
                        -10 base web {%1$s}
                        20 made endpointslices.discovery.k8s.io/db-2 {metadata: {labels: {'kubernetes.io/service-name': '%2$s'}}, endpoints: [{addresses: ['192.0.2.1']}]}
                        21 gone endpointslices.discovery.k8s.io/db-1
                        40 pod web {%1$s} crashed Error bad
                        """;
        assertThat(links("hand-written-endpoints", WEB, told.formatted(PEER, "other")))
                .containsExactly("A db-1 DELETED");
        assertThat(links("hand-written-endpoints", WEB, told.formatted(PEER, "db")))
                .containsExactly("B db-1 DELETED");
    }

    @Test
    void aBackendOfAnIngressIsProvedIfItWasThereBefore() throws Exception {
        String ingress = "ingresses.networking.k8s.io/web";
        String told = """
                        -10 is services/db {spec: {type: 'ExternalName', ports: [{port: 80}]}}
                        -10 is ingresses.networking.k8s.io/web {spec: {defaultBackend: {service: {name: 'db', port: {number: 80}}}}}
                        """;
        assertThat(links("ingress-backend", ingress, told + """
                        20 is ingresses.networking.k8s.io/web {spec: {defaultBackend: {service: {name: 'db', port: {number: 81}}}}}
                        """))
                .containsExactly("A web CHANGED spec.defaultBackend.service.port.number");
        assertThat(links("ingress-backend", ingress, told + """
                        20 is services/db {spec: {type: 'ExternalName', ports: [{port: 8080}]}}
                        """)).contains("A db CHANGED spec.ports[port=80]");
        assertThat(links("ingress-backend", ingress, told + """
                        20 gone services/db
                        """)).containsExactly("A -> SERVICE_GONE db");
        assertThat(links("ingress-backend", ingress, told + """
                        20 is ingresses.networking.k8s.io/web {spec: {ingressClassName: 'x', defaultBackend: {service: {name: 'db', port: {number: 80}}}}}
                        """)).isEmpty();
    }

    @Test
    void aPortThatPodsCallOtherwiseIsProvedButNotAnotherOneOfThem() throws Exception {
        String told = """
                        -10 is services/web {spec: {selector: {app: 'web'}, ports: [{port: 80, targetPort: 'http'}]}}
                        -10 base web {image: 'web:1', ports: [{name: 'http', containerPort: 8080}]}
                        20 rollout web b {image: 'web:1', ports: [%s]} ready
                        30 gone pods/web-a-x
                        """;
        assertThat(links("service-port", "services/web", told.formatted("{name: 'www', containerPort: 8080}")))
                .contains("A web CHANGED spec.template.spec.containers[name=web].ports[name=http]");
        assertThat(links(
                        "service-port",
                        "services/web",
                        told.formatted("{name: 'http', containerPort: 8080}, {name: 'more', containerPort: 9090}")))
                .isEmpty();
    }

    @Test
    void aPortAtWhichPodsAreProbedCountsAsDeclared() throws Exception {
        String told = """
                        -10 is services/web {spec: {selector: {app: 'web'}, ports: [{port: 80, targetPort: %s}]}}
                        -10 base web {image: 'web:1', readinessProbe: {httpGet: {port: 8080}}}
                        20 is services/web {spec: {selector: {app: 'web'}, ports: [{port: 80, targetPort: %s}]}}
                        """;
        assertThat(links("service-port", "services/web", told.formatted("8080", "9090")))
                .containsExactly("A web CHANGED spec.ports[port=80].targetPort");
        assertThat(links("service-port", "services/web", told.formatted("9090", "9091")))
                .isEmpty();
        assertThat(links("service-port", "services/web", told.formatted("9090", "8080")))
                .isEmpty();
    }

    @Test
    void whoeverIsNotPermittedIsToldByTheMessage() throws Exception {
        String told = """
                        -10 base web {image: 'web:1'}
                        20 rollout web b {image: 'web:1', %s} waiting CreateContainerConfigError %s
                        """;
        String refused = "container has runAsNonRoot and image will run as root";
        assertThat(links("security-context", WEB, told.formatted("securityContext: {runAsNonRoot: true}", refused)))
                .containsExactly("B web CHANGED spec.template.spec.containers[name=web].securityContext");
        assertThat(links("security-context", WEB, told.formatted("workingDir: '/'", refused)))
                .isEmpty();
        assertThat(links(
                        "security-context",
                        WEB,
                        told.formatted("securityContext: {runAsNonRoot: true}", "secret \"x\" not found")))
                .isEmpty();
    }

    @Test
    void aPodThatAsksOthersForNamesIsProvedIfItNamesAService() throws Exception {
        String told = """
                        -10 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                        -10 is deployments.apps/web {spec: {template: {spec: {containers: [{name: 'web', args: ['%1$s']}]}}}}
                        20 is deployments.apps/web {spec: {template: {spec: {dnsPolicy: 'Default', containers: [{name: 'web', args: ['%1$s']}]}}}}
                        21 made replicasets.apps/web-b {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment', controller: true, name: 'web', uid: 'u-web'}]}, spec: {replicas: 1}}
                        30 made pods/web-b-1 {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true, name: 'web-b', uid: 'u-web-b'}]}, spec: {dnsPolicy: 'Default', containers: [{name: 'web', args: ['%1$s']}]}, status: {phase: 'Running', containerStatuses: [{name: 'web', state: {waiting: {reason: 'CrashLoopBackOff'}}, lastState: {terminated: {exitCode: 1, reason: 'Error', finishedAt: '2026-02-02T02:40:30Z'}}}]}}
                        """;
        assertThat(links("dns-policy", WEB, told.formatted("http://db")))
                .containsExactly("A web CHANGED spec.template.spec.dnsPolicy");
        assertThat(links("dns-policy", WEB, told.formatted("alone"))).isEmpty();
    }

    @Test
    void aTokenThatPodsGetNoMoreIsProvedIfTheyNameItsPlace() throws Exception {
        String token = "volumes: [{name: 't', projected: {sources: [{serviceAccountToken: {path: 'token'}}]}}], ";
        String told = """
                        -10 is serviceaccounts/web {}
                        -20 is pods/web-1 {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'StatefulSet', controller: true, name: 'web', uid: 'u-web'}]}, spec: {serviceAccountName: 'web', %s containers: [{name: 'web'}]}, status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]}}
                        -20 is statefulsets.apps/web {spec: {template: {spec: {containers: [{name: 'web'}]}}}}
                        20 is serviceaccounts/web {automountServiceAccountToken: false}
                        30 made pods/web-0 {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'StatefulSet', controller: true, name: 'web', uid: 'u-web'}]}, spec: {serviceAccountName: 'web', %s containers: [{name: 'web'}]}, status: {phase: 'Running', containerStatuses: [{name: 'web', state: {waiting: {reason: 'CrashLoopBackOff'}}, lastState: {terminated: {exitCode: 1, reason: 'Error', message: 'open /var/run/secrets/kubernetes.io/serviceaccount/token', finishedAt: '2026-02-02T02:40:30Z'}}}]}}
                        """;
        assertThat(links("account-token", "pods/web-0", told.formatted(token, "")))
                .containsExactly("A web CHANGED automountServiceAccountToken");
        assertThat(links("account-token", "pods/web-0", told.formatted(token, token)))
                .isEmpty();
        String template = "{template: {spec: {";
        String off = "automountServiceAccountToken: false, ";
        String both = told.replace(template, template + off).replace("'web', %s", "'web', " + off + "%s");
        assertThat(links("account-token", "pods/web-0", both.formatted("", "")))
                .as("the template said no before, and still does")
                .isEmpty();
        String later = told.replace("accounts/web {}", "accounts/web {automountServiceAccountToken: false}")
                .replace(
                        "20 is serviceaccounts/web {automountServiceAccountToken: false}",
                        "20 is statefulsets.apps/web {spec: " + template + off + "containers: [{name: 'web'}]}}}}");
        assertThat(links("account-token", "pods/web-0", later.formatted("", "")))
                .as("the account said no before the template did")
                .isEmpty();
    }

    @Test
    void aPolicyThatBeginsToDenyIsProvedButNotOneThatDeniedBefore() throws Exception {
        String told = """
                        -10 is validatingadmissionpolicybindings.admissionregistration.k8s.io/b {spec: {policyName: 'p', validationActions: ['%s']}}
                        -10 base web {image: 'web:1'}
                        20 is validatingadmissionpolicybindings.admissionregistration.k8s.io/b {spec: {policyName: 'p', validationActions: ['%s']}}
                        30 rollout web b {image: 'web:2'} refused
                        31 event ReplicaSet/web-b FailedCreate Error creating: pods "x" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no
                        """;
        assertThat(links("admission-policy", WEB, told.formatted("Audit", "Deny")))
                .containsExactly("A b CHANGED spec.validationActions[0]");
        assertThat(links("admission-policy", WEB, told.formatted("Deny", "Deny")))
                .isEmpty();
    }

    @Test
    void aCertificateThatHasExpiredIsNamedByItsLastSecondIfTheMessageSaysSo() throws Exception {
        String told = """
                        -10 is configmaps/tls {data: {'tls.crt': '%s'}}
                        -10 is pods/p {spec: {volumes: [{name: 't', configMap: {name: 'tls'}}], containers: [{name: 'web'}]}, status: {phase: 'Running', containerStatuses: [{name: 'web', state: {waiting: {reason: 'CrashLoopBackOff'}}, lastState: {terminated: {exitCode: 1, reason: 'Error', message: '%s', finishedAt: '2026-02-02T02:40:30Z'}}}]}}
                        """;
        String pem = CERTIFICATE.replace("\n", "\\n");
        assertThat(links("certificate-expiry", "pods/p", told.formatted(pem, "x509: certificate has expired")))
                .containsExactly("A tls OBSERVED data[\"tls.crt\"]");
        String other = "x509: certificate has expired: current time 2026-02-02T02:40:30Z is after 2025-12-31T23:59:59Z";
        assertThat(links("certificate-expiry", "pods/p", told.formatted(pem, other)))
                .as("it means another one")
                .containsExactly("B tls OBSERVED data[\"tls.crt\"]");
        assertThat(links("certificate-expiry", "pods/p", told.formatted(pem, "x509: unknown authority")))
                .isEmpty();
        assertThat(links("certificate-expiry", "pods/p", told.formatted("no pem", "x509: certificate has expired")))
                .isEmpty();
    }

    /** Valid for one day in January 2026. */
    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBBTCBrAIBATAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDAR0ZXN0MB4XDTI2MDEw
            MTAwMDAwMFoXDTI2MDEwMjAwMDAwMFowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqG
            SM49AgEGCCqGSM49AwEHA0IABHjrZYOsNNsHPgWtzn6vd/qFCP7sVUq73hVDNAVQ
            sQa7hnc03NXEBrv1tTfzdjmdSl6SRih2ROZDhUyAWBvSgxUwCgYIKoZIzj0EAwID
            SAAwRQIhAPQpMOLCU2PqsMWRkAdXj6k+uBm+3tIOCt1xS5x3Ti4wAiBTGUg9M+Ve
            nSP8WT6BYbsl8hy03ctTIHye15HO3tiCXA==
            -----END CERTIFICATE-----
            """;

    @Test
    void aFileSystemThatIsReadOnlyIsThatOfTheVolumeOrOfTheImageAsItWasChanged() throws Exception {
        String tale = """
                -10 base web {image: 'web:1', volumeMounts: [{name: 'data', mountPath: '/data'}]}
                20 rollout web b {image: 'web:1', volumeMounts: [{name: 'data', mountPath: '/data'%s}], securityContext: {%s}} crashed Error %s
                """;
        String said = "open /data/1: read-only file system";
        String mount = "B web CHANGED spec.template.spec.containers[name=web].volumeMounts[name=data].readOnly";
        String context = "B web CHANGED spec.template.spec.containers[name=web].securityContext";
        assertThat(causes(WEB, tale.formatted(", readOnly: true", "privileged: false", said)))
                .startsWith(mount);
        assertThat(causes(WEB, tale.formatted("", "readOnlyRootFilesystem: true", said)))
                .startsWith(context);
        assertThat(causes(WEB, tale.formatted(", readOnly: true", "privileged: false", "permission denied")))
                .startsWith(context);
    }

    @Test
    void whatAKubeletAsksBeforeAStartIsNothingToWhatWasStarted() throws Exception {
        String spec = "securityContext: {runAsNonRoot: %s, runAsUser: %d}, containers: [{name: 'web'}]";
        String denied = Story.crashed(22, "Error", "permission denied");
        assertThat(links(
                        "security-context", WEB, rollout(spec.formatted(false, 0), spec.formatted(true, 1000), denied)))
                .containsExactly("B web CHANGED spec.template.spec.securityContext.runAsUser");

        String root =
                Story.waiting("CreateContainerConfigError", "container has runAsNonRoot and image will run as root");
        assertThat(links("security-context", WEB, rollout(spec.formatted(false, 0), spec.formatted(true, 0), root)))
                .containsExactly("B web CHANGED spec.template.spec.securityContext.runAsNonRoot");
    }
}
