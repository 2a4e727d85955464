/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rules about pods that cannot be made, or are made otherwise, one by one: what they name, and what they do not. */
class AdmissionRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";

    @Test
    void aLoweredQuotaIsProvedByItsNumbersButARaisedOneIsNot() throws Exception {
        assertThat(links("quota", WEB, """
                        -10 base web {image: 'web:1'}
                        -10 is resourcequotas/q {spec: {hard: {pods: '5'}}}
                        10 is resourcequotas/q {spec: {hard: {pods: '1'}}}
                        20 rollout web b {image: 'web:2'} refused
                        22 event ReplicaSet/web-b FailedCreate pods web-b-y is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1
                        """)).contains("A q CHANGED spec.hard.pods");

        assertThat(links("quota", WEB, """
                        -10 base web {image: 'web:1'}
                        -10 is resourcequotas/q {spec: {hard: {pods: '1', secrets: '1'}}}
                        10 is resourcequotas/q {spec: {hard: {pods: '1', secrets: '2'}}}
                        20 rollout web b {image: 'web:2'} refused
                        22 event ReplicaSet/web-b FailedCreate pods web-b-y is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1
                        """)).contains("B q CHANGED spec.hard.secrets");

        assertThat(links("quota", WEB, """
                        -10 base web {image: 'web:1'}
                        -10 is resourcequotas/q {spec: {hard: {pods: '5', secrets: '1'}}}
                        10 is resourcequotas/q {spec: {hard: {pods: '1', secrets: '2'}}}
                        20 rollout web b {image: 'web:2'} refused
                        22 event ReplicaSet/web-b FailedCreate pods web-b-y is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1
                        """)).contains("A q CHANGED spec.hard.pods", "B q CHANGED spec.hard.secrets");

        assertThat(links("quota", WEB, """
                        -10 base web {image: 'web:1'}
                        -10 is resourcequotas/q {spec: {hard: {pods: '5'}}}
                        10 is resourcequotas/q {spec: {hard: {'pods': '5', 'limits.cpu': '2'}}}
                        20 rollout web b {image: 'web:2'} refused
                        22 event ReplicaSet/web-b FailedCreate pods web-b-y is forbidden: failed quota: q: must specify limits.cpu for: web
                        """)).contains("A q CHANGED spec.hard[\"limits.cpu\"]");
    }

    @Test
    void aLimitRangeIsProvedByItsBoundsAndSoIsWhoAsksForMore() throws Exception {
        assertThat(links("limit-range", WEB, """
                        -10 base web {image: 'web:1', resources: {limits: {memory: '64Mi'}}}
                        -10 is limitranges/l {spec: {limits: [{type: 'Container', max: {memory: '1Gi'}}]}}
                        10 is limitranges/l {spec: {limits: [{type: 'Container', max: {memory: '32Mi'}}]}}
                        20 rollout web b {image: 'web:2', resources: {limits: {memory: '64Mi'}}} refused
                        22 event ReplicaSet/web-b FailedCreate pods web-b-y is forbidden: maximum memory usage per Container is 32Mi, but limit is 64Mi
                        """)).contains("A l CHANGED spec.limits[type=Container].max.memory");

        assertThat(links("limit-range", WEB, """
                        -10 base web {image: 'web:1', resources: {limits: {memory: '64Mi'}}}
                        -10 is limitranges/l {spec: {limits: [{type: 'Container', max: {memory: '64Mi'}}]}}
                        20 rollout web b {image: 'web:2', resources: {limits: {memory: '128Mi'}}} refused
                        22 event ReplicaSet/web-b FailedCreate pods web-b-y is forbidden: maximum memory usage per Container is 32Mi, but limit is 64Mi
                        """))
                .contains("A web CHANGED spec.template.spec.containers[name=web].resources.limits.memory");

        assertThat(links("limit-range", WEB, """
                        -10 base web {image: 'web:1', resources: {limits: {memory: '64Mi'}}}
                        -10 is limitranges/l {spec: {limits: [{type: 'Container', max: {memory: '1Gi'}}]}}
                        10 is limitranges/l {spec: {limits: [{type: 'Container', max: {memory: '32Mi'}}]}}
                        20 rollout web b {image: 'web:2', resources: {limits: {memory: '64Mi'}}} refused
                        22 event ReplicaSet/web-b FailedCreate pods web-b-y is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1
                        """)).isEmpty();
    }

    @Test
    void aStricterLevelOfPodSecurityIsProvedButNotAnotherLabel() throws Exception {
        assertThat(links("pod-security", WEB, """
                        -10 base web {image: 'web:1'}
                        -10 is namespaces/shop {metadata: {labels: {'pod-security.kubernetes.io/enforce': 'baseline'}}}
                        10 is namespaces/shop {metadata: {labels: {'pod-security.kubernetes.io/enforce': 'restricted'}}}
                        20 rollout web b {image: 'web:2'} refused
                        22 event ReplicaSet/web-b FailedCreate pods is forbidden: violates PodSecurity restricted:latest
                        """))
                .contains("A shop CHANGED metadata.labels[\"pod-security.kubernetes.io/enforce\"]");

        assertThat(links("pod-security", WEB, """
                        -10 base web {image: 'web:1'}
                        -10 is namespaces/shop {metadata: {labels: {a: 'b'}}}
                        10 is namespaces/shop {metadata: {labels: {a: 'c'}}}
                        20 rollout web b {image: 'web:2'} refused
                        22 event ReplicaSet/web-b FailedCreate pods is forbidden: violates PodSecurity restricted:latest
                        """)).isEmpty();
    }

    @Test
    void aWebhookWhoseServiceIsGoneIsProvedButNotAnotherOne() throws Exception {
        assertThat(links("admission-webhook", WEB, """
                        -10 base web {image: 'web:1'}
                        -10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        -10 is mutatingwebhookconfigurations.admissionregistration.k8s.io/hooks {webhooks: [{name: 'pods.example.com', failurePolicy: 'Fail', clientConfig: {service: {namespace: 'shop', name: 'db'}}}]}
                        10 gone services/db
                        20 rollout web b {image: 'web:2'} refused
                        22 event ReplicaSet/web-b FailedCreate Internal error occurred: failed calling webhook "pods.example.com": connection refused
                        """)).contains("A -> SERVICE_GONE db");

        assertThat(links("admission-webhook", WEB, """
                        -10 base web {image: 'web:1'}
                        -10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                        -10 is mutatingwebhookconfigurations.admissionregistration.k8s.io/hooks {webhooks: [{name: 'other.example.com', failurePolicy: 'Fail', clientConfig: {service: {namespace: 'shop', name: 'db'}}}]}
                        10 gone services/db
                        20 rollout web b {image: 'web:2'} refused
                        22 event ReplicaSet/web-b FailedCreate Internal error occurred: failed calling webhook "pods.example.com": connection refused
                        """)).isEmpty();
    }

    @Test
    void aWebhookThatWasPassedOverUntilItsPolicyWasChangedIsProvedButNotIfItsServiceWentSince() throws Exception {
        String hook =
                "mutatingwebhookconfigurations.admissionregistration.k8s.io/hooks {webhooks: [{name: 'pods.example.com',"
                        + " failurePolicy: '%s', clientConfig: {service: {namespace: 'shop', name: 'db'}}}]}\n";
        String tale = """
                -10 base web {image: 'web:1'}
                20 rollout web b {image: 'web:2'} refused
                22 event ReplicaSet/web-b FailedCreate failed calling webhook "pods.example.com": Post "https://db.shop.svc:443/": service "db" not found
                """;
        String service =
                "-10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}\n";
        String policy = "hooks CHANGED webhooks[name=pods.example.com].failurePolicy";
        String before = "-10 is " + hook.formatted("Ignore") + "10 is " + hook.formatted("Fail");
        assertThat(links("admission-webhook", WEB, before + tale)).contains("A " + policy);

        assertThat(links("admission-webhook", WEB, before + service + "15 gone services/db\n" + tale))
                .contains("A -> SERVICE_GONE db", "B " + policy);
        assertThat(links("admission-webhook", WEB, before + tale.replace("failed calling", "odd")))
                .isEmpty();
    }

    @Test
    void ofWebhooksOfOneNameThatCountsWhichIsAskedAboutTheNamespaceAndLeadsToWhereTheMessageSays() throws Exception {
        String hook =
                "-10 is mutatingwebhookconfigurations.admissionregistration.k8s.io/hooks {webhooks: [{name: 'pods.example.com',"
                        + " failurePolicy: 'Fail', namespaceSelector: {matchLabels: {team: '%s'}}, clientConfig: {service: {namespace: 'shop',"
                        + " name: '%s'}}}]}\n";
        String tale = """
                -10 base web {image: 'web:1'}
                -10 is namespaces/shop {metadata: {labels: {team: 'red'}}}
                -10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 80, targetPort: 8080}]}}
                -10 is services/other {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.8', ports: [{port: 80, targetPort: 8080}]}}
                10 gone services/db
                10 gone services/other
                20 rollout web b {image: 'web:2'} refused
                22 event ReplicaSet/web-b FailedCreate failed calling webhook "pods.example.com": Post "https://db.shop.svc:443/": refused
                """;
        assertThat(links("admission-webhook", WEB, tale + hook.formatted("red", "db")))
                .contains("A -> SERVICE_GONE db");

        assertThat(links("admission-webhook", WEB, tale + hook.formatted("blue", "db")))
                .isEmpty();
        assertThat(links("admission-webhook", WEB, tale + hook.formatted("red", "other")))
                .isEmpty();
    }

    @Test
    void thePolicyThatTheMessageNamesIsNamedButNotAnother() throws Exception {
        assertThat(links("admission-policy", WEB, """
                        -10 base web {image: 'web:1'}
                        -10 is validatingadmissionpolicies.admissionregistration.k8s.io/tags {spec: {validations: [{expression: 'true'}]}}
                        10 is validatingadmissionpolicies.admissionregistration.k8s.io/tags {spec: {validations: [{expression: 'false'}]}}
                        20 rollout web b {image: 'web:2'} refused
                        22 event ReplicaSet/web-b FailedCreate pods is forbidden: ValidatingAdmissionPolicy 'tags' with binding 'b' denied request
                        """)).contains("B tags CHANGED spec.validations[0].expression");

        assertThat(links("admission-policy", WEB, """
                        -10 base web {image: 'web:1'}
                        -10 is validatingadmissionpolicies.admissionregistration.k8s.io/other {spec: {validations: [{expression: 'true'}]}}
                        10 is validatingadmissionpolicies.admissionregistration.k8s.io/other {spec: {validations: [{expression: 'false'}]}}
                        20 rollout web b {image: 'web:2'} refused
                        22 event ReplicaSet/web-b FailedCreate pods is forbidden: ValidatingAdmissionPolicy 'tags' with binding 'b' denied request
                        """)).isEmpty();
    }

    @Test
    void whatMadeAPodOtherThanItsTemplateIsProvedByTheAmountButNotIfAPodWasRightSince() throws Exception {
        assertThat(links("admission-drift", WEB, """
                        -10 is deployments.apps/web {spec: {replicas: 1, template: {metadata: {labels: {app: 'web'}}, spec: {containers: [{name: 'web', image: 'web:1', resources: {limits: {memory: '64Mi'}}}]}}}}
                        -9 is replicasets.apps/web-a {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment', controller: true, name: 'web', uid: 'u-web'}]}, spec: {template: {spec: {containers: [{name: 'web', resources: {limits: {memory: '64Mi'}}}]}}}}
                        -8 made pods/web-1 {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true, name: 'web-a', uid: 'u-web-a'}]}, spec: {containers: [{name: 'web', resources: {limits: {memory: '64Mi'}}}]}, status: {conditions: [{type: 'Ready', status: 'True'}]}}
                        10 made limitranges/l {spec: {limits: [{type: 'Container', default: {memory: '8Mi'}}]}}
                        20 made pods/web-2 {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true, name: 'web-a', uid: 'u-web-a'}]}, spec: {containers: [{name: 'web', resources: {limits: {memory: '8Mi'}}}]}, status: {containerStatuses: [{name: 'web', lastState: {terminated: {exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-02-02T02:40:30Z'}}, state: {waiting: {reason: 'CrashLoopBackOff'}}}]}}
                        """)).contains("A l CREATED");

        assertThat(links("admission-drift", WEB, """
                        -10 is deployments.apps/web {spec: {replicas: 1, template: {metadata: {labels: {app: 'web'}}, spec: {containers: [{name: 'web', image: 'web:1', resources: {limits: {memory: '64Mi'}}}]}}}}
                        -9 is replicasets.apps/web-a {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment', controller: true, name: 'web', uid: 'u-web'}]}, spec: {template: {spec: {containers: [{name: 'web', resources: {limits: {memory: '64Mi'}}}]}}}}
                        10 made limitranges/l {spec: {limits: [{type: 'Container', default: {memory: '8Mi'}}]}}
                        15 made pods/web-1 {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true, name: 'web-a', uid: 'u-web-a'}]}, spec: {containers: [{name: 'web', resources: {limits: {memory: '64Mi'}}}]}, status: {conditions: [{type: 'Ready', status: 'True'}]}}
                        20 made pods/web-2 {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true, name: 'web-a', uid: 'u-web-a'}]}, spec: {containers: [{name: 'web', resources: {limits: {memory: '8Mi'}}}]}, status: {containerStatuses: [{name: 'web', lastState: {terminated: {exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-02-02T02:40:30Z'}}, state: {waiting: {reason: 'CrashLoopBackOff'}}}]}}
                        """)).isEmpty();
    }

    @Test
    void aContainerThatAWebhookPutsInIsProvedByItsImageButExplainsNoOtherContainer() throws Exception {
        String owner =
                "metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true, name: 'web-a', uid:"
                        + " 'u-web-a'}]}";
        String told = """
                        -10 is deployments.apps/web {spec: {replicas: 1, template: {spec: {containers: [{name: 'web', image: 'web:1'}]}}}}
                        -9 is replicasets.apps/web-a {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment', controller: true, name: 'web', uid: 'u-web'}]}, spec: {template: {spec: {containers: [{name: 'web', image: 'web:1'}]}}}}
                        -8 made pods/web-1 {%1$s, spec: {containers: [{name: 'web', image: 'web:1'}]}, status: {conditions: [{type: 'Ready', status: 'True'}]}}
                        10 made mutatingwebhookconfigurations.admissionregistration.k8s.io/hook {metadata: {annotations: {inject: 'agent:9'}}, webhooks: [{name: 'w'}]}
                        20 made pods/web-2 {%1$s, spec: {containers: [{name: 'web', image: 'web:1'}, {name: 'agent', image: 'agent:9'}]}, status: {containerStatuses: [{name: '%2$s', lastState: {terminated: {exitCode: 1, reason: 'Error', finishedAt: '2026-02-02T02:40:30Z'}}, state: {waiting: {reason: 'CrashLoopBackOff'}}}]}}
                        """;
        assertThat(links("admission-drift", WEB, told.formatted(owner, "agent")))
                .containsExactly("A hook CREATED");
        assertThat(links("admission-drift", WEB, told.formatted(owner, "web"))).isEmpty();
    }

    @Test
    void aServiceAccountThatWasDeletedIsProvedButNotAnother() throws Exception {
        assertThat(links("service-account", WEB, """
                        -10 base web {image: 'web:1'}
                        -10 is serviceaccounts/app {}
                        10 gone serviceaccounts/app
                        20 rollout web b {image: 'web:2'} refused
                        22 event ReplicaSet/web-b FailedCreate pods is forbidden: error looking up service account shop/app: serviceaccount "app" not found
                        """)).contains("A app DELETED");

        assertThat(links("service-account", WEB, """
                        -10 base web {image: 'web:1'}
                        -10 is serviceaccounts/other {}
                        10 gone serviceaccounts/other
                        20 rollout web b {image: 'web:2'} refused
                        22 event ReplicaSet/web-b FailedCreate pods is forbidden: error looking up service account shop/app: serviceaccount "app" not found
                        """)).isEmpty();
    }

    @Test
    void aNamespaceThatAWebhookTakesByItsLabelIsProvedButNotByAnotherLabel() throws Exception {
        String told = """
                        -10 base web {image: 'web:1'}
                        -10 is namespaces/shop {metadata: {labels: {a: 'b'}}}
                        -10 is validatingwebhookconfigurations.admissionregistration.k8s.io/hooks {webhooks: [{name: 'pods.example.com', namespaceSelector: {matchLabels: {guard: 'on'}}, clientConfig: {service: {namespace: 'shop', name: 'guard'}}}]}
                        10 is namespaces/shop {metadata: {labels: {%s}}}
                        20 rollout web b {image: 'web:1'} refused
                        22 event ReplicaSet/web-b FailedCreate Internal error occurred: failed calling webhook "pods.example.com": service "guard" not found
                        """;
        assertThat(links("admission-webhook", WEB, told.formatted("a: 'c', guard: 'on'")))
                .containsExactly("A shop CHANGED metadata.labels.guard");
        assertThat(causes(WEB, told.formatted("a: 'c', guard: 'on'")))
                .containsExactly("A shop CHANGED metadata.labels.guard");
        assertThat(links("admission-webhook", WEB, told.formatted("a: 'c', guard: 'off'")))
                .isEmpty();
        assertThat(links("admission-webhook", WEB, """
                        -10 is services/guard {spec: {ports: [{port: 443}]}}
                        16 gone services/guard
                        """ + told.formatted("guard: 'on'")))
                .containsExactly("A -> SERVICE_GONE guard", "B shop CHANGED metadata.labels.guard");
    }

    @Test
    void theParameterThatAPolicyReadsIsProvedIfPodsOfTheTemplateWereAdmittedBefore() throws Exception {
        String told = """
                        -60 is validatingadmissionpolicies.admissionregistration.k8s.io/images {spec: {paramKind: {apiVersion: 'v1', kind: 'ConfigMap'}, validations: [{expression: 'startsWith(params.data.registry)'}]}}
                        -60 is validatingadmissionpolicybindings.admissionregistration.k8s.io/b {spec: {paramRef: {name: 'settings', namespace: 'shop'}}}
                        -60 is configmaps/settings {data: {registry: 'a/', other: 'x'}}
                        -10 base web {image: 'web:1'}
                        10 is configmaps/settings {data: {%s}}
                        20 rollout web b {image: '%s'} refused
                        22 event ReplicaSet/web-b FailedCreate pods is forbidden: ValidatingAdmissionPolicy 'images' with binding 'b' denied request
                        """;
        assertThat(links("admission-policy", WEB, told.formatted("registry: 'b/', other: 'x'", "web:1")))
                .containsExactly("A settings CHANGED data.registry");
        assertThat(causes(WEB, told.formatted("registry: 'b/', other: 'x'", "web:1")))
                .containsExactly("A settings CHANGED data.registry");
        assertThat(links("admission-policy", WEB, told.formatted("registry: 'a/', other: 'y'", "web:1")))
                .containsExactly("B settings CHANGED data.other");
        assertThat(links("admission-policy", WEB, told.formatted("registry: 'b/', other: 'x'", "web:2")))
                .containsExactly("B settings CHANGED data.registry");
    }

    @Test
    void slicesThatAPolicyRefusesAreStaleOnceTheirPodsAreGoneAndItIsProvedIfItDidNotTakeThemBefore() throws Exception {
        String told = """
                        -10 is validatingadmissionpolicies.admissionregistration.k8s.io/tags {spec: {matchConstraints: {resourceRules: [{apiGroups: [%1$s], resources: ['*']}]}}}
                        -10 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                        -10 is endpointslices.discovery.k8s.io/db-1 {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, endpoints: [{addresses: ['10.1.0.1'], targetRef: {kind: 'Pod', name: 'db-old'}}]}
                        -10 is pods/db-old {metadata: {labels: {app: 'db'}}, spec: {containers: [{name: 'db'}]}, status: {phase: 'Running'}}
                        -10 base web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]}
                        20 is validatingadmissionpolicies.admissionregistration.k8s.io/tags {spec: {matchConstraints: {resourceRules: [{apiGroups: ['apps', 'discovery.k8s.io'], resources: ['*']}]}}}
                        28 made pods/db-new {metadata: {labels: {app: 'db'}}, spec: {containers: [{name: 'db'}]}, status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]}}
                        29 event Service/db FailedToUpdateEndpointSlices Error updating Endpoint Slices for Service shop/db: failed to update db-1 EndpointSlice for Service shop/db: %2$s
                        30 gone pods/%3$s
                        40 pod web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]} crashed Error no answer
                        """;
        String denied =
                "EndpointSlice.discovery.k8s.io 'db-1' is invalid: : ValidatingAdmissionPolicy 'tags' with binding 'b' denied request: no";
        String field = "tags CHANGED spec.matchConstraints.resourceRules[0].apiGroups[1]";
        assertThat(links("admission-policy", "services/db", told.formatted("'apps'", denied, "db-old")))
                .containsExactly("A " + field);
        assertThat(causes(WEB, told.formatted("'apps'", denied, "db-old"))).startsWith("A " + field);

        assertThat(links("admission-policy", "services/db", told.formatted("'*'", denied, "db-old")))
                .allMatch(link -> link.startsWith("B tags CHANGED"))
                .isNotEmpty();
        assertThat(causes(WEB, told.formatted("'apps'", denied, "other")))
                .as("the pod that it leads to is there")
                .noneMatch(cause -> cause.contains("tags"));
        String conflict = "the object has been modified; please apply your changes to the latest version and try again";
        assertThat(causes(WEB, told.formatted("'apps'", conflict, "db-old")))
                .noneMatch(cause -> cause.contains("tags"));
    }

    @Test
    void aVariableThatAPolicyPutsInIsProvedIfPodsOfTheTemplateWereMadeWithoutIt() throws Exception {
        String owner =
                "metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true, name: 'web-a', uid:"
                        + " 'u-web-a'}]}";
        String told = """
                        -10 is deployments.apps/web {spec: {replicas: 1, template: {spec: {containers: [{name: 'web', image: 'web:1'}]}}}}
                        -9 is replicasets.apps/web-a {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment', controller: true, name: 'web', uid: 'u-web'}]}, spec: {template: {spec: {containers: [{name: 'web', image: 'web:1'}]}}}}
                        -9 is mutatingadmissionpolicies.admissionregistration.k8s.io/pace {spec: {mutations: [{expression: '{name: DELAY, value: 0s}'}]}}
                        -8 made pods/web-1 {%1$s, spec: {containers: [{name: 'web', image: 'web:1', env: [{name: 'DELAY', value: '%2$s'}]}]}, status: {conditions: [{type: 'Ready', status: 'True'}]}}
                        10 is mutatingadmissionpolicies.admissionregistration.k8s.io/pace {spec: {mutations: [{expression: '{name: DELAY, value: 4s}'}]}}
                        20 made pods/web-2 {%1$s, spec: {containers: [{name: 'web', image: 'web:1', env: [{name: 'DELAY', value: '4s'}]}]}, status: {containerStatuses: [{name: 'web', lastState: {terminated: {exitCode: 1, reason: 'Error', finishedAt: '2026-02-02T02:40:30Z'}}, state: {waiting: {reason: 'CrashLoopBackOff'}}}]}}
                        """;
        assertThat(links("admitted-variables", WEB, told.formatted(owner, "0s")))
                .containsExactly("A pace CHANGED spec.mutations[0].expression");
        assertThat(causes(WEB, told.formatted(owner, "0s")))
                .containsExactly("A pace CHANGED spec.mutations[0].expression");
        assertThat(links("admitted-variables", WEB, told.formatted(owner, "4s")))
                .isEmpty();

        String wellSince = told.replace("20 made pods/web-2", """
                12 made pods/web-0 {%1$s, spec: {containers: [{name: 'web', image: 'web:1', env: [{name: 'DELAY', value: '4s'}]}]}, status: {conditions: [{type: 'Ready', status: 'True'}]}}
                40 made pods/web-2""").replace(":30Z", ":50Z");
        assertThat(links("admitted-variables", WEB, wellSince.formatted(owner, "0s")))
                .as("a pod was well with it")
                .containsExactly("B pace CHANGED spec.mutations[0].expression");

        String without =
                "%%d made pods/web-3 {%1$s, spec: {containers: [{name: 'web', image: 'web:1', env: [{name: 'DELAY', value: '0s'}]}]}}\n"
                        .formatted(owner);
        assertThat(links("admitted-variables", WEB, told.formatted(owner, "0s") + without.formatted(9)))
                .as("the API server may not have known of the change yet")
                .containsExactly("A pace CHANGED spec.mutations[0].expression");
        assertThat(links("admitted-variables", WEB, told.formatted(owner, "0s") + without.formatted(14)))
                .isEmpty();
    }

    @Test
    void aSecretThatAnAccountsPodsMayUseNoMoreIsProvedByTheAccountButNotIfItNeverListedIt() throws Exception {
        String account = "is serviceaccounts/web {%s}\n";
        String enforced = "metadata: {annotations: {'kubernetes.io/enforce-mountable-secrets': 'true'}}";
        String listed = enforced + ", secrets: [{name: 'db'}]";
        String refused =
                "20 rollout web b {image: 'web:1'} refused\n22 event ReplicaSet/web-b FailedCreate Error creating: pods is"
                        + " forbidden: volume with secret.secretName=\"db\" is not allowed because service account web does not reference that"
                        + " secret\n";
        String told = "-20 " + account + "-10 base web {image: 'web:1'}\n10 " + account + refused;
        assertThat(links(
                        "mountable-secrets",
                        "deployments.apps/web",
                        told.formatted("metadata: {annotations: {a: 'b'}}", enforced)))
                .contains("A web CHANGED metadata.annotations[\"kubernetes.io/enforce-mountable-secrets\"]");
        assertThat(links("mountable-secrets", "deployments.apps/web", told.formatted(listed, enforced)))
                .containsExactly("A web CHANGED secrets");
        assertThat(links(
                        "mountable-secrets",
                        "deployments.apps/web",
                        told.formatted(enforced, enforced + ", secrets: [{name: 'other'}]")))
                .isEmpty();
    }

    @Test
    void aRolloutThatNeedsRoomForOneMorePodIsProvedByItsStrategyUnlessThePodsAskForMore() throws Exception {
        String web =
                "is deployments.apps/web {spec: {replicas: 2, strategy: {rollingUpdate: {maxSurge: %d, maxUnavailable: %d}},"
                        + " template: {spec: {containers: [{name: 'web', image: 'web:%d', resources: {requests: {cpu: '%d'}}}]}}}}\n";
        String told = "-20 is resourcequotas/q {spec: {hard: {'requests.cpu': '5'}}}\n-10 " + web.formatted(0, 1, 1, 2)
                + "10 "
                + web.formatted(1, 0, 1, 2) + "20 %s21 made replicasets.apps/web-b {metadata: {" + OF_WEB
                + "}, spec: {replicas: 1}}\n"
                + "22 event ReplicaSet/web-b FailedCreate Error creating: pods is forbidden: exceeded quota: q, requested:"
                + " requests.cpu=2, used: requests.cpu=4, limited: requests.cpu=5\n";
        assertThat(links("quota", "deployments.apps/web", told.formatted(web.formatted(1, 0, 2, 2))))
                .contains("A web CHANGED spec.strategy.rollingUpdate.maxSurge");
        assertThat(links("quota", "deployments.apps/web", told.formatted(web.formatted(1, 0, 1, 4))))
                .contains("B web CHANGED spec.strategy.rollingUpdate.maxSurge");
        assertThat(links(
                        "quota",
                        "deployments.apps/web",
                        told.formatted(web.formatted(1, 0, 2, 2))
                                .replace("used: requests.cpu=4", "used: requests.cpu=6")))
                .as("more is used than the quota leaves")
                .contains("B web CHANGED spec.strategy.rollingUpdate.maxSurge");
    }

    @Test
    void aClassThatBecameEverybodysCountsPodsToItsQuota() throws Exception {
        String told = """
                        -20 is priorityclasses.scheduling.k8s.io/gold {value: 9, globalDefault: false}
                        -20 is resourcequotas/q {spec: {hard: {pods: '1'}, scopeSelector: {matchExpressions: [{scopeName: 'PriorityClass', operator: 'In', values: ['%s']}]}}}
                        -10 base web {image: 'web:1'}
                        10 is priorityclasses.scheduling.k8s.io/gold {value: 9, globalDefault: true}
                        20 rollout web b {image: 'web:2'} refused
                        22 event ReplicaSet/web-b FailedCreate Error creating: pods is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1
                        """;
        assertThat(links("quota", "deployments.apps/web", told.formatted("gold")))
                .contains("A gold CHANGED globalDefault");
        assertThat(links("quota", "deployments.apps/web", told.formatted("silver")))
                .doesNotContain("A gold CHANGED globalDefault");
    }
}
