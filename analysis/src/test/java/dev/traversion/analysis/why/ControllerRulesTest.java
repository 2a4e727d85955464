/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rules about what controllers make of a wish, one by one: what they name, and what they do not. */
class ControllerRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";
    private static final String STORE = "statefulsets.apps/store";
    private static final String CRON = "cronjobs.batch/report";

    private static String owner(String kind, String name) {
        String group = kind.equals("Job") || kind.equals("CronJob") ? "batch/v1" : "apps/v1";
        return "ownerReferences: [{apiVersion: '%s', kind: '%s', controller: true, name: '%s', uid: 'u-%s'}]"
                .formatted(group, kind, name, name);
    }

    @Test
    void replicasThatAnAutoscalerSetLeadToItsMinimumButOthersDoNot() throws Exception {
        String scaler = "is horizontalpodautoscalers.autoscaling/scaler {spec: {minReplicas: %d, maxReplicas: 12,"
                + " scaleTargetRef: {kind: 'Deployment', name: 'web'}}}";
        String tale = """
                -10 is resourcequotas/seats {spec: {hard: {pods: '4'}}}
                -10 %s
                -10 is deployments.apps/web {spec: {replicas: 2, template: {spec: {containers: [{name: 'web'}]}}}}
                -10 is replicasets.apps/web-a {metadata: {%s}, spec: {replicas: 2}, status: {replicas: 2}}
                20 %s
                25 is deployments.apps/web {spec: {replicas: 6, template: {spec: {containers: [{name: 'web'}]}}}}
                26 is replicasets.apps/web-a {metadata: {%s}, spec: {replicas: 6}, status: {replicas: 4}}
                25 event HorizontalPodAutoscaler/scaler SuccessfulRescale New size: %%d; reason: below Spec.MinReplicas
                26 event ReplicaSet/web-a FailedCreate exceeded quota: seats, requested: pods=1, used: pods=4, limited: pods=4
                """.formatted(
                scaler.formatted(2), owner("Deployment", "web"), scaler.formatted(6), owner("Deployment", "web"));
        assertThat(causes(WEB, tale.formatted(6))).startsWith("A scaler CHANGED spec.minReplicas");

        assertThat(causes(WEB, tale.formatted(7))).startsWith("A web CHANGED spec.replicas");
    }

    @Test
    void finishedJobsThatAreKeptUseUpAQuotaIfTheyWouldHaveBeenRemovedBefore() throws Exception {
        String job = "jobs.batch/report-%d {metadata: {" + owner("CronJob", "report")
                + "}, status: {conditions: [{type: '%s', status: 'True'}]}}\n";
        String refused =
                "80 event CronJob/report FailedCreate Error creating job: exceeded quota: seats, requested: %1$s=1, used: %1$s=2,"
                        + " limited: %1$s=2\n";
        String tale = "-10 is cronjobs.batch/report {spec: {successfulJobsHistoryLimit: %d}}\n-9 made "
                + job.formatted(1, "Complete")
                + "20 is cronjobs.batch/report {spec: {successfulJobsHistoryLimit: 10}}\n40 made "
                + job.formatted(2, "%s");
        String count = refused.formatted("count/jobs.batch");
        assertThat(links("quota", CRON, tale.formatted(1, "Complete") + count))
                .containsExactly("A report CHANGED spec.successfulJobsHistoryLimit");

        assertThat(links("quota", CRON, tale.formatted(2, "Complete") + count))
                .as("as many were kept before")
                .isEmpty();
        assertThat(links("quota", CRON, tale.formatted(1, "Suspended") + count))
                .as("one is at work")
                .isEmpty();
        assertThat(links("quota", CRON, tale.formatted(1, "Complete") + refused.formatted("pods")))
                .as("pods that ended are not counted")
                .isEmpty();
        String putBack = "60 is cronjobs.batch/report {spec: {successfulJobsHistoryLimit: 1}}\n";
        assertThat(links("quota", CRON, tale.formatted(1, "Complete") + putBack + count))
                .isEmpty();
    }

    @Test
    void aDemandIsProvedIfAllPodsWereThereBeforeItOnly() throws Exception {
        String tale = """
                -10 is resourcequotas/seats {spec: {hard: {pods: '4'}}}
                -10 is deployments.apps/web {spec: {replicas: 2, template: {spec: {containers: [{name: 'web'}]}}}}
                -10 is replicasets.apps/web-a {metadata: {%1$s}, spec: {replicas: 2}, status: {replicas: 2}}
                25 is deployments.apps/web {spec: {replicas: 6, template: {spec: {containers: [{name: 'web'}]}}}}
                26 is replicasets.apps/web-a {metadata: {%1$s}, spec: {replicas: 6}, status: {replicas: %2$d}}
                26 event ReplicaSet/web-a FailedCreate exceeded quota: seats, requested: pods=1, used: pods=4, limited: pods=4
                """;
        assertThat(links("quota", WEB, tale.formatted(owner("Deployment", "web"), 4)))
                .contains("A web CHANGED spec.replicas");

        assertThat(links("quota", WEB, tale.formatted(owner("Deployment", "web"), 1)))
                .contains("B web CHANGED spec.replicas");
        String all = tale.replace(
                "26 event",
                "28 is replicasets.apps/web-a {metadata: {%1$s}, spec: {replicas: 6}, status: {replicas: 5}}\n29 event");
        assertThat(links("quota", WEB, all.formatted(owner("Deployment", "web"), 6)))
                .as("all of them came, and one was lost")
                .contains("B web CHANGED spec.replicas");
        String lowered = tale.replace("hard: {pods: '4'}", "hard: {pods: '9'}")
                .replace("25 is", "20 is resourcequotas/seats {spec: {hard: {pods: '4'}}}\n25 is");
        assertThat(links("quota", WEB, lowered.formatted(owner("Deployment", "web"), 4)))
                .as("the quota had room for them")
                .contains("A seats CHANGED spec.hard.pods", "B web CHANGED spec.replicas");
    }

    @Test
    void aRolloutThatEndsAllPodsIsTheStrategysButNotWhereOneStays() throws Exception {
        String web =
                "is deployments.apps/web {spec: {replicas: 2, strategy: {%s}, template: {metadata: {labels: {app: 'web'},"
                        + " annotations: {at: '%s'}}, spec: {containers: [{name: 'web'}]}}}}\n";
        String before = "type: 'RollingUpdate', rollingUpdate: {maxUnavailable: 0}";
        String slice =
                "is endpointslices.discovery.k8s.io/web-1 {metadata: {labels: {'kubernetes.io/service-name': 'web'}},"
                        + " endpoints: [%s]}\n";
        String tale = "-20 " + web.formatted(before, "0")
                + "-20 is services/web {spec: {selector: {app: 'web'}, ports: [{port: 80}]}}\n"
                + "-10 " + slice.formatted("{conditions: {ready: true}}") + "20 " + web.formatted("%1$s", "0") + "30 "
                + web.formatted("%1$s", "%2$s") + "31 " + slice.formatted("");
        assertThat(links("rollout-gap", "services/web", tale.formatted("type: 'Recreate'", "1")))
                .containsExactly("A web CHANGED spec.strategy.type");
        String peer = "{image: 'c', env: [{name: 'PEER', value: 'http://web'}]}";
        String caller = "-10 base cart " + peer + "\n34 pod cart " + peer
                + " unready\n34 event Pod/cart-a-x Unhealthy Readiness probe failed: statuscode: 502\n";
        assertThat(causes("deployments.apps/cart", tale.formatted("type: 'Recreate'", "1") + caller))
                .startsWith("A web CHANGED spec.strategy.type");

        String failing =
                "32 made pods/web-2 {metadata: {labels: {app: 'web'}}, spec: {containers: [{name: 'web'}]}, status: "
                        + Story.crashed(33, "Error", "x") + "}\n";
        assertThat(links("rollout-gap", "services/web", tale.formatted("type: 'Recreate'", "1") + failing))
                .containsExactly("B web CHANGED spec.strategy.type");
        assertThat(links("rollout-gap", "services/web", tale.formatted("type: 'Recreate'", "0")))
                .isEmpty();
        String later = tale.replace("\n31 ", "\n130 ");
        assertThat(links("rollout-gap", "services/web", later.formatted("type: 'Recreate'", "1")))
                .as("that rollout was over")
                .containsExactly("B web CHANGED spec.strategy.type");
        assertThat(links(
                        "rollout-gap",
                        "services/web",
                        tale.formatted("type: 'RollingUpdate', rollingUpdate: {maxUnavailable: 1}", "1")))
                .isEmpty();
    }

    @Test
    void aServiceThatGoesWithItsNamespaceIsTheNamespacesDeletionButNotOneThatWasDeletedBefore() throws Exception {
        String tale = """
                -10 is namespaces/rates {status: {phase: 'Active'}}
                -10 is services/db@rates {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                -10 base web {image: 'web:1', env: [{name: 'PEER', value: 'http://db.rates'}]}
                20 is namespaces/%s {metadata: {deletionTimestamp: '2026-02-02T02:40:20Z'}, status: {phase: 'Terminating'}}
                %d gone services/db@rates
                28 gone namespaces/%1$s
                40 pod web {image: 'web:1', env: [{name: 'PEER', value: 'http://db.rates'}]} crashed Error no such host
                """;
        assertThat(causes(WEB, tale.formatted("rates", 25))).startsWith("A rates DELETED");

        assertThat(causes(WEB, tale.formatted("rates", 15))).startsWith("A db DELETED");
        assertThat(causes(WEB, tale.formatted("other", 25))).startsWith("A db DELETED");
        String anew =
                "22 gone namespaces/rates\n23 made namespaces/rates {metadata: {uid: 'u-2'}, status: {phase: 'Active'}}\n28 gone";
        assertThat(causes(
                        WEB,
                        tale.formatted("rates", 25)
                                .replace("28 gone namespaces/rates", "")
                                .replace("25 gone", anew)))
                .as("it belonged to a namespace that was made anew")
                .startsWith("A db DELETED");
    }

    @Test
    void aServiceWhosePodsGoBeforeItIsMissedFromThenOn() throws Exception {
        String slice =
                "endpointslices.discovery.k8s.io/db-1@rates {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, endpoints: %s}";
        String tale = """
                -10 is namespaces/rates {status: {phase: 'Active'}}
                -10 is services/db@rates {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                -10 is %s
                -10 base web {image: 'web:1', env: [{name: 'PEER', value: 'http://db.rates'}]}
                20 is namespaces/%s {metadata: {deletionTimestamp: '2026-02-02T02:40:20Z'}, status: {phase: 'Terminating'}}
                25 is %s
                30 pod web {image: 'web:1', env: [{name: 'PEER', value: 'http://db.rates'}]} crashed Error no such host
                40 gone services/db@rates
                """;
        String there = slice.formatted("[{conditions: {ready: true}}]");
        assertThat(causes(WEB, tale.formatted(there, "rates", slice.formatted("[]"))))
                .startsWith("A rates DELETED");
        assertThat(causes(WEB, tale.formatted(there, "rates", there)))
                .as("it had endpoints when it was missed")
                .isEmpty();
        assertThat(causes(WEB, tale.formatted(there, "other", slice.formatted("[]"))))
                .as("another namespace is deleted")
                .isEmpty();
    }

    @Test
    void whatGotAnOwnerThatThereIsNotWasCollectedForItButNotForOneThatIsThere() throws Exception {
        String tale = """
                -10 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                -10 is configmaps/release {data: {a: 'b'}}
                -10 base web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]}
                20 is services/db {metadata: {ownerReferences: [{apiVersion: 'v1', kind: 'ConfigMap', name: 'release', uid: '%s'}]}, spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                22 gone services/db
                40 pod web {image: 'web:1', env: [{name: 'PEER', value: 'http://db'}]} crashed Error no such host
                """;
        assertThat(causes(WEB, tale.formatted("u-none"))).startsWith("A db CHANGED metadata.ownerReferences");

        assertThat(causes(WEB, tale.formatted("u-release"))).startsWith("A db DELETED");
    }

    @Test
    void aClaimThatIsTooSmallForALimitRangeIsProvedButNotOneThatIsLargeEnough() throws Exception {
        String tale = """
                -10 is limitranges/storage {spec: {limits: [{type: 'PersistentVolumeClaim', min: {storage: '1Mi'}}]}}
                -10 is statefulsets.apps/store {spec: {volumeClaimTemplates: [{spec: {resources: {requests: {storage: '%s'}}}}], template: {spec: {containers: []}}}}
                20 is limitranges/storage {spec: {limits: [{type: 'PersistentVolumeClaim', min: {storage: '1Gi'}}]}}
                30 event StatefulSet/store FailedCreate claim is forbidden: minimum storage usage per PersistentVolumeClaim is 1Gi
                """;
        assertThat(links("limit-range", STORE, tale.formatted("1Mi")))
                .containsExactly("A storage CHANGED spec.limits[type=PersistentVolumeClaim].min.storage");

        assertThat(links("limit-range", STORE, tale.formatted("2Gi"))).noneMatch(each -> each.startsWith("A"));
    }

    @Test
    void claimsThatGoWithTheirPodsAreTheRetentionPolicysButNotWhereItDidNotChange() throws Exception {
        String store =
                "is statefulsets.apps/store {spec: {replicas: %d, persistentVolumeClaimRetentionPolicy: {whenScaled: '%s'},"
                        + " template: {spec: {containers: []}}}}\n";
        String tale = "-20 " + store.formatted(2, "%s") + """
                -30 is persistentvolumes/v {spec: {claimRef: {namespace: 'shop', name: 'data-store-1', uid: 'u-old'}}}
                -10 is pods/store-1 {metadata: {uid: 'u-pod', %s}, spec: {containers: []}}
                -10 is persistentvolumeclaims/data-store-1 {metadata: {uid: 'u-old'}, status: {phase: 'Bound'}}
                """.formatted(owner("StatefulSet", "store")) + "10 "
                + store.formatted(2, "Delete") + "20 "
                + store.formatted(1, "Delete") + """
                21 is persistentvolumeclaims/data-store-1 {metadata: {uid: 'u-old', ownerReferences: [{apiVersion: 'v1', kind: 'Pod', name: 'store-1', uid: 'u-pod'}]}, status: {phase: 'Bound'}}
                22 gone pods/store-1
                23 gone persistentvolumeclaims/data-store-1
                """ + "40 " + store.formatted(2, "Delete") + """
                41 made persistentvolumeclaims/data-store-1 {metadata: {uid: 'u-new'}, status: {phase: 'Pending'}}
                """;
        String claim = "persistentvolumeclaims/data-store-1";
        assertThat(causes(claim, tale.formatted("Retain")))
                .startsWith("A store CHANGED spec.persistentVolumeClaimRetentionPolicy.whenScaled");

        assertThat(causes(claim, tale.formatted("Delete"))).startsWith("A store-1 DELETED");
    }

    @Test
    void aTemplateForWhichNoReplicaSetMayBeMadeIsRefusedByTheQuotaThatWasLowered() throws Exception {
        String refused =
                "status: {conditions: [{type: 'Progressing', status: 'False', reason: '%s', message: 'exceeded quota: q,"
                        + " requested: count/replicasets.apps=1, used: count/replicasets.apps=1, limited: count/replicasets.apps=1'}]}";
        String tale = """
                -10 is resourcequotas/q {spec: {hard: {'count/replicasets.apps': '20'}}}
                -10 is deployments.apps/web {spec: {replicas: 1, template: {spec: {containers: [{name: 'web', image: 'web:1'}]}}}}
                20 is resourcequotas/q {spec: {hard: {'count/replicasets.apps': '1'}}}
                30 is deployments.apps/web {spec: {replicas: 1, template: {spec: {containers: [{name: 'web', image: 'web:2'}]}}}, %s}
                """;
        assertThat(causes(WEB, tale.formatted(refused.formatted("ReplicaSetCreateError"))))
                .startsWith("A q CHANGED spec.hard[\"count/replicasets.apps\"]");

        assertThat(links("quota", WEB, tale.formatted(refused.formatted("ReplicaSetUpdated"))))
                .isEmpty();
    }

    @Test
    void aTemplateThatWaitsForADeletionIsToldOfByThePodThatFailsWithIt() throws Exception {
        String store =
                "is statefulsets.apps/store {spec: {replicas: 2, updateStrategy: {type: '%s'}, template: {spec: {containers:"
                        + " [{name: 'web'%s}]}}}, status: {currentRevision: 'a', updateRevision: '%s', updatedReplicas: %d, readyReplicas: 1}}\n";
        String env = ", env: [{name: 'FILE', value: '/etc/none'}]";
        String tale = "-10 " + store.formatted("RollingUpdate", "", "a", 2) + "10 "
                + store.formatted("OnDelete", "", "a", 2) + "20 " + store.formatted("OnDelete", env, "b", 1)
                + "40 made pods/store-1 {metadata: {labels: {'controller-revision-hash': 'b'}, "
                + owner("StatefulSet", "store")
                + "}, spec: {containers: [{name: 'web'" + env + "}]}, status: %s}\n";
        String crashed = Story.crashed(41, "Error", "open /etc/none: no such file or directory");
        assertThat(causes(STORE, tale.formatted(crashed)))
                .startsWith("B store CHANGED spec.template.spec.containers[name=web].env")
                .doesNotContain("A store CHANGED spec.updateStrategy.type");

        assertThat(links("rollout-held", STORE, tale.formatted(Story.ready())))
                .contains("A store CHANGED spec.updateStrategy.type");
    }

    @Test
    void aContainerThatRunsOnIsProvedIfAllOthersHaveEndedAndSomebodyWaits() throws Exception {
        String report =
                "is cronjobs.batch/report {spec: {jobTemplate: {spec: {template: {spec: {containers: [%s]}}}}}}\n";
        String tale = "-10 " + report.formatted("{name: 'web'}") + "-10 is jobs.batch/report-1 {metadata: {"
                + owner("CronJob", "report")
                + "}, status: {completionTime: '%s', conditions: [{type: 'Complete', status: 'True'}]}}\n20 "
                + report.formatted("{name: 'web'}, {name: 'proxy'}") + "30 made jobs.batch/report-2 {metadata: {"
                + owner("CronJob", "report") + "}, status: {active: 1}}\n31 made pods/report-2-x {metadata: {"
                + owner("Job", "report-2")
                + "}, spec: {containers: [{name: 'web'}, {name: 'proxy'}]}, status: {phase: 'Running',"
                + " containerStatuses: [{name: 'web', ready: true, state: {%s}}, {name: 'proxy', ready: true, state: {running: {}}}]}}\n"
                + "90 event CronJob/report %s Not starting job because prior execution is running and concurrency policy is Forbid\n";
        String soon = Story.time(-560);
        String added = "report CHANGED spec.jobTemplate.spec.template.spec.containers[name=proxy]";
        assertThat(links(
                        "unending-container",
                        CRON,
                        tale.formatted(soon, "terminated: {exitCode: 0}", "JobAlreadyActive")))
                .containsExactly("A " + added);

        assertThat(links("unending-container", CRON, tale.formatted(soon, "running: {}", "JobAlreadyActive")))
                .containsExactly("B " + added);
        assertThat(links(
                        "unending-container",
                        CRON,
                        tale.formatted(soon, "terminated: {exitCode: 0}", "SawCompletedJob")))
                .isEmpty();
        String late = Story.time(-300);
        assertThat(links(
                        "unending-container",
                        CRON,
                        tale.formatted(late, "terminated: {exitCode: 0}", "JobAlreadyActive")))
                .isEmpty();
    }

    @Test
    void aJobThatDoesNotEndIsTracedToTheServiceThatItNamesAndToNoOther() throws Exception {
        String tale = """
                -10 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                -10 is cronjobs.batch/report {spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: 'web', args: ['http://%1$s/']}]}}}}}}
                20 gone services/db
                30 made jobs.batch/report-2 {metadata: {%2$s}, status: {active: 1}}
                31 made pods/report-2-x {metadata: {%3$s}, spec: {containers: [{name: 'web', args: ['http://%1$s/']}]}, status: {phase: 'Running', containerStatuses: [{name: 'web', ready: true, state: {running: {}}}]}}
                90 event CronJob/report JobAlreadyActive Not starting job because prior execution is running
                """;
        assertThat(causes(CRON, tale.formatted("db", owner("CronJob", "report"), owner("Job", "report-2"))))
                .startsWith("A db DELETED");

        assertThat(causes(CRON, tale.formatted("other", owner("CronJob", "report"), owner("Job", "report-2"))))
                .isEmpty();
    }

    @Test
    void whatRanBesideOthersAndIsToEndBeforeThemIsProvedIfItIsTheSame() throws Exception {
        String spec = "spec: {initContainers: [{name: 'proxy', image: '%s'%s}], containers: [{name: 'web'}]}";
        String web = "is deployments.apps/web {spec: {template: {%s}}}\n";
        String runs = "initContainerStatuses: [{name: 'proxy', ready: true, state: {running: {startedAt: '%s'}}}]";
        String always = ", restartPolicy: 'Always'";
        String tale = "-10 " + web.formatted(spec.formatted("%1$s", always)) + "-9 made pods/web-0 {metadata: {"
                + OF_WEB + "}, "
                + spec.formatted("%1$s", always)
                + ", status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}], "
                + runs.formatted(Story.time(-9)) + "}}\n20 " + web.formatted(spec.formatted("%2$s", ""))
                + "21 made pods/web-1 {metadata: {" + OF_WEB + "}, " + spec.formatted("%2$s", "")
                + ", status: {phase: 'Pending', " + runs.formatted(Story.time(22)) + "}}\n";
        String policy = "web CHANGED spec.template.spec.initContainers[name=proxy].restartPolicy";
        assertThat(links("unending-container", "deployments.apps/web", tale.formatted("p:1", "p:1")))
                .containsExactly("A " + policy);

        assertThat(links("unending-container", "deployments.apps/web", tale.formatted("p:1", "p:2")))
                .as("another one may well end")
                .containsExactly("B " + policy);
        assertThat(links(
                        "unending-container",
                        "deployments.apps/web",
                        tale.formatted("p:1", "p:1").replace(always, "")))
                .isEmpty();
    }
}
