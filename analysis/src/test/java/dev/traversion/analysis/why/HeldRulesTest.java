/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rules about what waits and of which nobody says that it fails, one by one: what they name, and what they do not. */
class HeldRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";
    private static final String STORE = "statefulsets.apps/store";
    private static final String AGENT = "daemonsets.apps/agent";

    /** A pod that was made of the newest template, and has a status. */
    private static String rollout(String fields, String status) {
        return """
                -10 is nodes/n1 {spec: {}, status: {allocatable: {cpu: '1'}}}
                -10 is deployments.apps/web {spec: {template: {spec: {containers: [{name: 'web'}]}}}}
                20 is deployments.apps/web {spec: {template: {spec: {%s, containers: [{name: 'web'}]}}}}
                21 made pods/web-1 {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment', controller: true, name: 'web', uid: 'u-web'}]}, spec: {%s, containers: [{name: 'web'}]}, status: %s}
                """.formatted(fields, fields, status);
    }

    @Test
    void aNodeThatThereIsNotHoldsAPodBackButOneThatThereIsDoesNot() throws Exception {
        assertThat(links("held-back", WEB, rollout("nodeName: 'n9'", "{phase: 'Pending'}")))
                .contains("A web CHANGED spec.template.spec.nodeName");

        assertThat(links("held-back", WEB, rollout("nodeName: 'n1'", "{phase: 'Pending'}")))
                .isEmpty();
    }

    @Test
    void aClosedGateHoldsAPodBackButAnOpenOneDoesNot() throws Exception {
        String gates = "readinessGates: [{conditionType: 'example.com/in'}]";
        String status =
                "{phase: 'Running', conditions: [{type: 'example.com/in', status: '%s'}, {type: 'ContainersReady', status: 'True'},"
                        + " {type: 'Ready', status: '%s', reason: '%s', message: 'x'}]}";
        assertThat(links(
                        "held-back", WEB, rollout(gates, status.formatted("False", "False", "ReadinessGatesNotReady"))))
                .contains("A web CHANGED spec.template.spec.readinessGates");

        assertThat(links("held-back", WEB, rollout(gates, status.formatted("True", "True", ""))))
                .isEmpty();
    }

    @Test
    void whatNoSchedulerHasSeenWaitsForAnotherOneButNotWhatOneHasRefused() throws Exception {
        assertThat(links("held-back", WEB, rollout("schedulerName: 'batch'", "{phase: 'Pending'}")))
                .contains("B web CHANGED spec.template.spec.schedulerName");

        String refused =
                "{phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no'}]}";
        assertThat(links("held-back", WEB, rollout("schedulerName: 'batch'", refused)))
                .isEmpty();
    }

    @Test
    void aPartitionHoldsARolloutButNotOneThatIsThrough() throws Exception {
        String set =
                "is statefulsets.apps/store {spec: {replicas: 2, updateStrategy: {rollingUpdate: {partition: %d}}, template: {spec:"
                        + " {containers: []}}}, status: {currentRevision: 'a', updateRevision: '%s', updatedReplicas: %d, readyReplicas: 2}}";
        assertThat(links(
                        "rollout-held",
                        STORE,
                        "-10 " + set.formatted(0, "a", 2) + "\n20 " + set.formatted(2, "a", 2) + "\n30 "
                                + set.formatted(2, "b", 0)))
                .contains("A store CHANGED spec.updateStrategy.rollingUpdate.partition");

        assertThat(links(
                        "rollout-held",
                        STORE,
                        "-10 " + set.formatted(0, "a", 2) + "\n20 " + set.formatted(2, "a", 2) + "\n30 "
                                + set.formatted(2, "b", 2)))
                .isEmpty();
    }

    @Test
    void aPartitionIsNotWhatIsWrongWherePodsCrashInIt() throws Exception {
        String owner =
                "metadata: {labels: {'controller-revision-hash': '%s'}, ownerReferences: [{apiVersion: 'apps/v1', kind: 'StatefulSet',"
                        + " controller: true, name: 'store', uid: 'u-store'}]}";
        String set =
                "statefulsets.apps/store {spec: {replicas: 2, updateStrategy: {rollingUpdate: {partition: %d}}, template: {spec:"
                        + " {containers: [{name: 'web', args: ['%s']}]}}}, status: {currentRevision: 'a', updateRevision: '%s',"
                        + " updatedReplicas: 1, readyReplicas: 1}}\n";
        String crashed =
                "status: {containerStatuses: [{name: 'web', lastState: {terminated: {exitCode: 1, reason: 'Error', finishedAt:"
                        + " '2026-02-02T02:40:30Z'}}, state: {waiting: {reason: 'CrashLoopBackOff'}}}]}";
        String tale = "-10 is " + set.formatted(0, "a", "a") + "-8 made pods/store-0 {" + owner.formatted("a")
                + ", spec: {containers: [{name: 'web', args: ['a']}]}, status: {conditions: [{type: 'Ready', status: 'True'}]}}\n20 is "
                + set.formatted(1, "b", "b") + "21 made pods/store-1 {" + owner.formatted("b")
                + ", spec: {containers: [{name: 'web', args: ['b']}]}, %s}\n";
        assertThat(causes(STORE, tale.formatted(crashed)))
                .contains("B store CHANGED spec.template.spec.containers[name=web].args[0]")
                .noneMatch(each -> each.contains("partition"));
        assertThat(causes(STORE, tale.formatted("status: {conditions: [{type: 'Ready', status: 'True'}]}")))
                .startsWith("A store CHANGED spec.updateStrategy.rollingUpdate.partition");
    }

    @Test
    void aDaemonSetThatFitsNoNodeIsProvedButNotOneThatStillFitsOne() throws Exception {
        String tale = """
                -10 is nodes/n1 {metadata: {labels: {pool: 'main'}}, status: {allocatable: {cpu: '1'}}}
                -10 is daemonsets.apps/agent {spec: {template: {spec: {containers: []}}}, status: {desiredNumberScheduled: 1}}
                20 is daemonsets.apps/agent {spec: {template: {spec: {nodeSelector: {pool: '%s'}, containers: []}}}, status: {desiredNumberScheduled: %d}}
                """;
        assertThat(links("rollout-held", AGENT, tale.formatted("edge", 0)))
                .contains("A agent CHANGED spec.template.spec.nodeSelector");

        assertThat(links("rollout-held", AGENT, tale.formatted("main", 1))).isEmpty();
    }

    @Test
    void aHookThatSleepsHoldsWhatWaitsForItButNobodyElse() throws Exception {
        String tale = """
                -30 is deployments.apps/web {spec: {replicas: 1, template: {spec: {containers: [{name: 'web'}]}}}, status: {readyReplicas: 1}}
                1 is deployments.apps/web {spec: {replicas: 1, template: {spec: {containers: [{name: 'web', lifecycle: {preStop: {sleep: {seconds: 600}}}}]}}}, status: {readyReplicas: 1}}
                100 made pods/web-1 {metadata: {deletionTimestamp: '%s', deletionGracePeriodSeconds: 700, ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment', controller: true, name: 'web', uid: 'u-web'}]}, spec: {containers: [{name: 'web', lifecycle: {preStop: {sleep: {seconds: 600}}}}]}, status: {phase: 'Running'}}
                101 is deployments.apps/web {spec: {replicas: 1, template: {spec: {containers: [{name: 'web', lifecycle: {preStop: {sleep: {seconds: 600}}}}]}}}, status: {readyReplicas: %d}}
                """;
        assertThat(links("slow-end", WEB, tale.formatted(Story.time(800), 0)))
                .contains("A web CHANGED spec.template.spec.containers[name=web].lifecycle");

        assertThat(links("slow-end", WEB, tale.formatted(Story.time(800), 1))).isEmpty();
    }

    @Test
    void anObjectThatAMessageNamesIsProvedIfItIsGoneAndElseOnlyNear() throws Exception {
        String tale = """
                -10 is priorityclasses.scheduling.k8s.io/high {value: 1000}
                -10 base web {image: 'web:1'}
                20 gone priorityclasses.scheduling.k8s.io/%s
                30 is deployments.apps/web {spec: {template: {spec: {containers: [{name: 'web', image: 'web:2'}]}}}}
                31 event Deployment/web FailedCreate no PriorityClass with name high was found
                """;
        assertThat(links("named-object", WEB, tale.formatted("high"))).contains("A high DELETED");

        assertThat(links("named-object", WEB, tale.formatted("other"))).isEmpty();
    }

    @Test
    void aRefusedTemplateIsNamedByTheValueInTheMessageAndElseNearOnly() throws Exception {
        String tale = """
                -10 is deployments.apps/web {spec: {template: {spec: {containers: [{name: 'web'}]}}}}
                20 is deployments.apps/web {spec: {template: {spec: {runtimeClassName: 'gvisor', containers: [{name: 'web'}]}}}}
                21 event Deployment/web FailedCreate pod rejected: %s
                """;
        assertThat(links("refused-template", WEB, tale.formatted("RuntimeClass gvisor not found")))
                .contains("B web CHANGED spec.template.spec.runtimeClassName");

        assertThat(links("refused-template", WEB, tale.formatted("no room"))).noneMatch(each -> each.startsWith("B"));
    }

    @Test
    void aVersionThatIsNotServedAnyMoreIsProvedToWhoAsksForItOnly() throws Exception {
        String tale = """
                -10 is customresourcedefinitions.apiextensions.k8s.io/widgets.example.com {spec: {group: 'example.com', versions: [{name: 'v1', served: true}, {name: 'v1beta1', served: true}]}}
                -10 base web {image: 'web:1', args: ['https://kubernetes.default/apis/example.com/%1$s/widgets']}
                20 is customresourcedefinitions.apiextensions.k8s.io/widgets.example.com {spec: {group: 'example.com', versions: [{name: 'v1', served: true}, {name: 'v1beta1', served: false}]}}
                40 pod web {image: 'web:1', args: ['https://kubernetes.default/apis/example.com/%1$s/widgets']} crashed Error 404
                """;
        assertThat(links("served-version", WEB, tale.formatted("v1beta1")))
                .anyMatch(each -> each.startsWith("A widgets.example.com CHANGED spec.versions"));

        assertThat(links("served-version", WEB, tale.formatted("v1"))).noneMatch(each -> each.startsWith("A"));
    }

    @Test
    void anotherWorkloadBehindAServiceIsNearWhoCallsItButNotWhereNobodyIsAdded() throws Exception {
        String tale = """
                -10 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                -10 base db {image: 'db:1'}
                -10 base web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]}
                20 made deployments.apps/canary {spec: {replicas: 1, template: {metadata: {labels: {app: '%1$s'}}, spec: {containers: [{name: 'web', image: 'db:2'}]}}}}
                22 made pods/canary-1 {metadata: {labels: {app: '%1$s'}, ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment', controller: true, name: 'canary', uid: 'u-canary'}]}, spec: {containers: [{name: 'web'}]}, status: {phase: 'Running'}}
                40 pod web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]} crashed Error 404
                """;
        assertThat(links("mixed-endpoints", WEB, tale.formatted("db"))).contains("B canary CREATED");

        assertThat(links("mixed-endpoints", WEB, tale.formatted("other"))).isEmpty();
    }

    @Test
    void aClaimThatAsksForAnAccessNobodyOffersIsProvedButNotIfAVolumeFits() throws Exception {
        String tale = """
                -10 is persistentvolumes/v {spec: {accessModes: ['ReadWriteOnce'], capacity: {storage: '1Gi'}}}
                20 made persistentvolumeclaims/c {spec: {accessModes: ['%s'], resources: {requests: {storage: '1Gi'}}}, status: {phase: 'Pending'}}
                """;
        assertThat(links("claim-offer", "persistentvolumeclaims/c", tale.formatted("ReadWriteMany")))
                .contains("A c CREATED spec.accessModes");

        assertThat(links("claim-offer", "persistentvolumeclaims/c", tale.formatted("ReadWriteOnce")))
                .isEmpty();
    }

    @Test
    void aVolumeThatIsThereTellsNothingOfAClaimForWhichOneWouldBeMade() throws Exception {
        String tale = """
                -10 is persistentvolumes/v {spec: {accessModes: ['ReadWriteOnce'], capacity: {storage: '1Gi'}}}
                -10 is storageclasses.storage.k8s.io/fast {provisioner: '%s'}
                20 made persistentvolumeclaims/c {spec: {storageClassName: 'fast', accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Gi'}}}, status: {phase: 'Pending'}}
                """;
        assertThat(links("claim-offer", "persistentvolumeclaims/c", tale.formatted("kubernetes.io/no-provisioner")))
                .contains("A c CREATED spec.storageClassName");

        assertThat(links("claim-offer", "persistentvolumeclaims/c", tale.formatted("csi.example.com")))
                .isEmpty();

        String taken = """
                -10 is persistentvolumes/taken {spec: {storageClassName: 'fast', accessModes: ['ReadWriteOnce'], capacity: {storage: '1Gi'}, claimRef: {name: 'c'}}}
                """;
        assertThat(links(
                        "claim-offer",
                        "persistentvolumeclaims/c",
                        taken + tale.formatted("kubernetes.io/no-provisioner")))
                .isEmpty();
    }

    @Test
    void aLabelTakenFromAPodIsProvedToTheServiceThatSelectsByIt() throws Exception {
        String tale = """
                -10 is services/db {spec: {selector: {role: 'leader'}, ports: [{port: 80}]}}
                -10 is endpointslices.discovery.k8s.io/db-1 {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, endpoints: [{addresses: ['10.0.0.1']}]}
                -10 is pods/db-0 {metadata: {labels: {role: 'leader'}}, spec: {containers: [{name: 'db'}]}, status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]}}
                20 is pods/db-0 {metadata: {labels: {role: '%s'}}, spec: {containers: [{name: 'db'}]}, status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]}}
                21 is endpointslices.discovery.k8s.io/db-1 {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, endpoints: %s}
                """;
        assertThat(links("service-selector", "services/db", tale.formatted("standby", "[]")))
                .contains("A db-0 CHANGED metadata.labels.role");

        assertThat(links("service-selector", "services/db", tale.formatted("leader", "[]")))
                .isEmpty();
    }

    @Test
    void aCronJobThatRanAtItsTimeIsProvedToUseUpAQuotaButNotIfItsPodsAreOver() throws Exception {
        String tale = """
                -10 is resourcequotas/pods {spec: {hard: {pods: '3'}}}
                -10 is cronjobs.batch/report {spec: {schedule: '* * * * *'}}
                -10 base web {image: 'web:1'}
                20 made jobs.batch/report-1 {metadata: {ownerReferences: [{apiVersion: 'batch/v1', kind: 'CronJob', controller: true, name: 'report', uid: 'u-report'}]}, spec: {}}
                21 made pods/report-1-x {metadata: {ownerReferences: [{apiVersion: 'batch/v1', kind: 'Job', controller: true, name: 'report-1', uid: 'u-report-1'}]}, spec: {containers: [{name: 'r'}]}, status: {phase: '%s'}}
                30 event Deployment/web FailedCreate exceeded quota: pods, requested: pods=1, used: pods=3, limited: pods=3
                """;
        assertThat(links("quota", WEB, tale.formatted("Running"))).contains("A report OBSERVED spec.schedule");

        assertThat(links("quota", WEB, tale.formatted("Succeeded"))).noneMatch(each -> each.contains("report"));

        String loweredSince =
                tale.replace("pods: '3'", "pods: '9'") + "25 is resourcequotas/pods {spec: {hard: {pods: '3'}}}\n";
        assertThat(links("quota", WEB, loweredSince.formatted("Running")))
                .contains("A pods CHANGED spec.hard.pods")
                .noneMatch(each -> each.contains("report"));
    }

    @Test
    void aPortWhoseNameAProbeAsksForIsProvedToBeGoneButNotAnotherOne() throws Exception {
        String probe = "readinessProbe: {httpGet: {port: 'http'}}";
        String tale = """
                -30 base web {image: 'web:1', ports: [{containerPort: 80, name: 'http'}], %1$s}
                20 rollout web b {image: 'web:1', ports: [{containerPort: 80, name: '%2$s'}], %1$s} unready
                30 event Pod/web-b-x Unhealthy Readiness probe errored: no such port
                """;
        assertThat(links("probe-settings", WEB, tale.formatted(probe, "web")))
                .anyMatch(each -> each.startsWith("A web CHANGED spec.template.spec.containers[name=web].ports"));

        assertThat(links("probe-settings", WEB, tale.formatted("readinessProbe: {httpGet: {port: 80}}", "web")))
                .isEmpty();
    }

    @Test
    void anAddressThatAServiceHadIsProvedToBeGoneButNotWhileOneHasIt() throws Exception {
        String tale = """
                -10 is services/db {spec: {clusterIP: '10.0.0.7', ports: [{port: 80}]}}
                -10 base web {image: 'web:1', env: [{name: 'PEER', value: 'http://10.0.0.7/'}]}
                20 gone services/db
                21 made services/db {spec: {clusterIP: '%s', ports: [{port: 80}]}}
                40 pod web {image: 'web:1', env: [{name: 'PEER', value: 'http://10.0.0.7/'}]} crashed Error no answer
                """;
        assertThat(links("address-gone", WEB, tale.formatted("10.0.0.8"))).contains("A db DELETED");

        assertThat(links("address-gone", WEB, tale.formatted("10.0.0.7"))).isEmpty();
    }

    @Test
    void whatIsCollectedWithItsOwnerIsTheOwnersDeletionButNotWhileAnOwnerStays() throws Exception {
        String tale = """
                -10 is configmaps/release {data: {by: 'ci'}}
                -10 is configmaps/settings {metadata: {ownerReferences: [{apiVersion: 'v1', kind: 'ConfigMap', name: 'release', uid: 'u-release'}]}, data: {mode: 'x'}}
                -10 base web {image: 'web:1', envFrom: [{configMapRef: {name: 'settings'}}]}
                10 gone configmaps/%s
                11 gone configmaps/settings
                20 pod web {image: 'web:1', envFrom: [{configMapRef: {name: 'settings'}}]} waiting CreateContainerConfigError not found
                """;
        assertThat(causes(WEB, tale.formatted("release"))).containsExactly("A release DELETED");

        assertThat(causes(WEB, tale.formatted("other"))).containsExactly("A settings DELETED");
    }

    @Test
    void aSecretToPullWithIsNamedToWhoPullsWithItOnly() throws Exception {
        String tale = """
                -10 is secrets/registry {type: 'kubernetes.io/dockerconfigjson', data: {a: 'hmac:1'}}
                10 gone secrets/registry
                20 made pods/p {spec: {imagePullSecrets: [{name: '%s'}], containers: [{name: 'web', image: 'x/web:1'}]}, status: {phase: 'Pending', containerStatuses: [{name: 'web', state: {waiting: {reason: 'ErrImagePull', message: 'unauthorized'}}}]}}
                """;
        assertThat(links("pull-secrets", "pods/p", tale.formatted("registry"))).contains("B registry DELETED");

        assertThat(links("pull-secrets", "pods/p", tale.formatted("other"))).isEmpty();
    }

    @Test
    void anApiIsNotAvailableForTheServiceBehindItButNotForAnother() throws Exception {
        String tale = """
                -10 is services/metrics {spec: {selector: {app: 'm'}, ports: [{port: 443}]}}
                -10 is apiservices.apiregistration.k8s.io/v1.m.example.com {spec: {group: 'm.example.com', service: {namespace: 'shop', name: '%s'}}, status: {conditions: [{type: 'Available', status: 'True'}]}}
                20 gone services/metrics
                25 is apiservices.apiregistration.k8s.io/v1.m.example.com {spec: {group: 'm.example.com', service: {namespace: 'shop', name: '%s'}}, status: {conditions: [{type: 'Available', status: 'False', reason: 'ServiceNotFound', message: 'm'}]}}
                """;
        String api = "apiservices.apiregistration.k8s.io/v1.m.example.com";
        assertThat(links("api-service", api, tale.formatted("metrics", "metrics")))
                .contains("A -> SERVICE_GONE metrics");

        assertThat(links("api-service", api, tale.formatted("other", "other"))).isEmpty();
    }

    @Test
    void aContainerOfWhichItsProbeSaysNothingIsNotReadyEitherButOneWithoutAProbeIs() throws Exception {
        String tale = """
                -30 base web {image: 'web:1', %1$s}
                20 rollout web b {image: 'web:1', %2$s} unready
                """;
        assertThat(links(
                        "probe-settings",
                        WEB,
                        tale.formatted(
                                "readinessProbe: {initialDelaySeconds: 1}",
                                "readinessProbe: {initialDelaySeconds: 900}")))
                .contains("B web CHANGED spec.template.spec.containers[name=web].readinessProbe.initialDelaySeconds");

        assertThat(links("probe-settings", WEB, tale.formatted("stdin: false", "stdin: true")))
                .isEmpty();
    }

    @Test
    void aServiceThatLeadsToOthersIsNearWhoCallsItButNotAfterTheTrouble() throws Exception {
        String tale = """
                -10 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                -10 base db {image: 'db:1'}
                -10 base web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]}
                %d is services/db {spec: {selector: {app: 'x'}, ports: [{port: 80}]}}
                40 pod web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]} crashed Error 404
                """;
        assertThat(links("mixed-endpoints", WEB, tale.formatted(20))).contains("B db CHANGED spec.selector.app");

        assertThat(links("mixed-endpoints", WEB, tale.formatted(80))).isEmpty();
    }

    @Test
    void whereFewerPodsAreReadyThanAreWantedTheTemplateIsNearButAnotherFieldIsNoProof() throws Exception {
        String tale = """
                -30 is statefulsets.apps/store {spec: {replicas: 2, template: {spec: {containers: []}}}, status: {observedGeneration: 1, readyReplicas: 2}}
                20 is statefulsets.apps/store {spec: {replicas: 2, updateStrategy: {rollingUpdate: {partition: 0}}, template: {spec: {hostPID: true, containers: []}}}, status: {observedGeneration: 2, readyReplicas: %d}}
                """;
        assertThat(links("template-change", STORE, tale.formatted(1)))
                .contains("C store CHANGED spec.template.spec.hostPID");
        assertThat(links("rollout-held", STORE, tale.formatted(1))).isEmpty();

        assertThat(links("template-change", STORE, tale.formatted(2))).isEmpty();
    }

    @Test
    void podsOfAStatefulSetThatHaveToBeReadyForLongerDoNotCountAnyMore() throws Exception {
        String set =
                "is statefulsets.apps/store {spec: {replicas: 1, minReadySeconds: %d, template: {spec: {containers: []}}}, status:"
                        + " {readyReplicas: 1, availableReplicas: %d}}\n";
        String pod =
                "-5 made pods/store-0 {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'StatefulSet', controller: true,"
                        + " name: 'store', uid: 'u-store'}]}, spec: {containers: []}, status: {phase: 'Running', conditions: [{type: 'Ready',"
                        + " status: 'True', lastTransitionTime: '" + Story.time(-4) + "'}]}}\n";
        String told = "-10 " + set.formatted(5, 1) + pod + "20 " + set;
        assertThat(links("rollout-held", STORE, told.formatted(600, 0)))
                .containsExactly("A store CHANGED spec.minReadySeconds");
        assertThat(symptoms(STORE, told.formatted(5, 1))).isEmpty();
    }

    @Test
    void aDaemonSetWhosePodsWaitToBeDeletedIsHeldByItsStrategyAndNotWhileItsControllerLooks() throws Exception {
        String set =
                "is daemonsets.apps/web {metadata: {generation: %1$d}, spec: {updateStrategy: {type: '%2$s'}, template: {spec:"
                        + " {containers: [{name: 'web', image: 'web:%3$d'}]}}}, status: {observedGeneration: %4$d, numberReady: 1,"
                        + " desiredNumberScheduled: 1, updatedNumberScheduled: %5$d}}\n";
        String told = "-10 " + set.formatted(1, "RollingUpdate", 1, 1, 1) + "10 "
                + set.formatted(2, "OnDelete", 1, 2, 1) + "20 " + set.formatted(3, "OnDelete", 2, 2, 1);
        String target = "daemonsets.apps/web";
        assertThat(links("rollout-held", target, told + "21 " + set.formatted(3, "OnDelete", 2, 3, 0)))
                .containsExactly("A web CHANGED spec.updateStrategy.type");
        assertThat(links("rollout-held", target, told)).isEmpty();
    }

    @Test
    void aClaimThatWaitsForItsPodIsHeldByWhatKeepsThatFromANode() throws Exception {
        String told = """
                        -10 is nodes/n1 {metadata: {labels: {disk: 'warm'}}, spec: {unschedulable: false}, status: {allocatable: {pods: '10'}}}
                        -10 is persistentvolumeclaims/c {spec: {storageClassName: 'late'}, status: {phase: 'Pending'}}
                        15 noted PersistentVolumeClaim/c WaitForFirstConsumer waiting for first consumer to be created before binding
                        20 made deployments.apps/web {spec: {template: {spec: {nodeSelector: {disk: 'cold'}, containers: [{name: 'web'}]}}}}
                        21 made pods/web-1 {metadata: {%s}, spec: {nodeSelector: {disk: 'cold'}, containers: [{name: 'web'}], volumes: [{name: 'v', persistentVolumeClaim: {claimName: '%s'}}]}, status: {phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', lastTransitionTime: '2026-02-02T02:40:22Z', message: "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."}]}}
                        """;
        assertThat(causes("persistentvolumeclaims/c", told.formatted(OF_WEB, "c")))
                .containsExactly("B web CREATED spec.template.spec.nodeSelector");
        assertThat(causes("persistentvolumeclaims/c", told.formatted(OF_WEB, "other")))
                .isEmpty();
    }

    @Test
    void aPodThatHasTheNameOfAStatefulSetsPodKeepsItAway() throws Exception {
        String set = "is statefulsets.apps/db {spec: {replicas: %d, template: {spec: {containers: []}}}, status:"
                + " {observedGeneration: 1, replicas: 1, readyReplicas: 1}}\n";
        String own =
                "-9 is pods/db-0 {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'StatefulSet', controller: true, name:"
                        + " 'db', uid: 'u-db'}]}, spec: {containers: []}, status: {phase: 'Running'}}\n";
        String tale =
                "-10 " + set.formatted(1) + own + "%d made pods/%s {spec: {containers: []}}\n20 " + set.formatted(2);
        String target = "statefulsets.apps/db";
        assertThat(links("name-taken", target, tale.formatted(5, "db-1"))).containsExactly("A db-1 CREATED");
        assertThat(links("name-taken", target, tale.formatted(5, "db-2"))).isEmpty();
        assertThat(links("name-taken", target, tale.formatted(60, "db-1")))
                .as("it is there since later")
                .isEmpty();
    }

    @Test
    void aClaimThatHasTheNameOfTheOneThatAPodBringsKeepsItAway() throws Exception {
        String tale = """
                10 made persistentvolumeclaims/db-1-%s {spec: {}}
                20 made pods/db-1 {spec: {containers: []}, status: {phase: 'Pending', conditions: [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'PVC shop/db-1-data was not created for pod shop/db-1 (pod is not owner). not found'}]}}
                """;
        assertThat(links("name-taken", "pods/db-1", tale.formatted("data"))).containsExactly("A db-1-data CREATED");
        assertThat(links("name-taken", "pods/db-1", tale.formatted("logs"))).isEmpty();
    }

    @Test
    void whatAControllerDoesNotTakeUpIsHeldAndProvedByAQuotaThatHasNoRoomForItsRevisions() throws Exception {
        String set =
                "is statefulsets.apps/db {metadata: {generation: %d}, spec: {replicas: 1, template: {spec: {containers: []}}},"
                        + " status: {observedGeneration: %d, replicas: 1, readyReplicas: 1}}\n";
        String quota =
                "is resourcequotas/q {spec: {hard: {'count/controllerrevisions.apps': '%s'}}, status: {used: {'count/controllerrevisions.apps': '%s'}}}\n";
        String tale = "-20 " + set.formatted(1, 1) + "-20 " + quota.formatted("9", "1") + "10 "
                + quota.formatted("1", "%s") + "20 " + set.formatted(2, 1);
        String target = "statefulsets.apps/db";
        assertThat(symptoms(target, tale.formatted("1"))).containsExactly("ROLLOUT_HELD db");
        assertThat(links("revision-quota", target, tale.formatted("1")))
                .containsExactly("A q CHANGED spec.hard[\"count/controllerrevisions.apps\"]");
        assertThat(links("revision-quota", target, tale.formatted("0")))
                .as("there is room for one")
                .isEmpty();
        assertThat(symptoms(target, tale.formatted("1") + "24 " + set.formatted(2, 2)))
                .as("it was taken up")
                .isEmpty();
    }

    @Test
    void aPodThatMissesALaterOneIsLedBackToTheOrderInWhichASetThatWasMadeAnewMakesThem() throws Exception {
        String set =
                "is statefulsets.apps/db {spec: {podManagementPolicy: '%s', replicas: 2, template: {spec: {containers: [{name: 'db'}]}}}}\n";
        String tale = "-20 " + set.formatted("Parallel") + "20 gone statefulsets.apps/db\n21 "
                + set.formatted("OrderedReady").replace("is ", "made ")
                + "30 made pods/db-%d {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'StatefulSet', controller: true, name:"
                + " 'db', uid: 'u-db'}]}, spec: {containers: [{name: 'db'}]}, status: {phase: 'Running', containerStatuses: [{name: 'db',"
                + " state: {waiting: {reason: 'CrashLoopBackOff'}}, lastState: {terminated: {exitCode: 1, reason: 'Error', message:"
                + " 'lookup db-1: no such host', finishedAt: '" + Story.time(40) + "'}}}]}}\n";
        assertThat(links("ordered-start", "statefulsets.apps/db", tale.formatted(0)))
                .containsExactly("A db CHANGED spec.podManagementPolicy");
        assertThat(links("ordered-start", "statefulsets.apps/db", tale.formatted(2)))
                .as("it is to come before")
                .isEmpty();
    }
}
