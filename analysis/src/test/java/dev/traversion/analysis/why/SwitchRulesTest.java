/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rules about what was stopped, deleted, given up or pushed aside, one by one: what they name, and what they do not. */
class SwitchRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";
    private static final String CRON = "cronjobs.batch/report";

    @Test
    void aCronJobThatWasSuspendedIsProvedButNotOneThatGoesOnAgain() throws Exception {
        assertThat(links("switched-off", CRON, """
                        -10 is cronjobs.batch/report {spec: {suspend: false}}
                        20 is cronjobs.batch/report {spec: {suspend: true}}
                        """)).contains("A report CHANGED spec.suspend");

        assertThat(links("switched-off", CRON, """
                        -10 is cronjobs.batch/report {spec: {suspend: false}}
                        20 is cronjobs.batch/report {spec: {suspend: true}}
                        40 is cronjobs.batch/report {spec: {suspend: false}}
                        """)).isEmpty();
    }

    @Test
    void aPausedRolloutIsProvedWhereSomethingWaitsForItOnly() throws Exception {
        assertThat(links("switched-off", WEB, """
                        -10 is deployments.apps/web {spec: {replicas: 2, template: {spec: {containers: []}}}, status: {updatedReplicas: 2}}
                        20 is deployments.apps/web {spec: {replicas: 2, paused: true, template: {spec: {containers: []}}}, status: {updatedReplicas: 0}}
                        """)).contains("A web CHANGED spec.paused");

        assertThat(links("switched-off", WEB, """
                        -10 is deployments.apps/web {spec: {replicas: 2, template: {spec: {containers: []}}}, status: {updatedReplicas: 2}}
                        20 is deployments.apps/web {spec: {replicas: 2, paused: true, template: {spec: {containers: []}}}, status: {updatedReplicas: 2}}
                        """)).isEmpty();
    }

    @Test
    void whatWasDeletedIsProvedButNotWhatIsThereAgain() throws Exception {
        assertThat(links("deleted", WEB, """
                        -10 base web {image: 'web:1'}
                        20 gone deployments.apps/web
                        """)).contains("A web DELETED");

        assertThat(links("deleted", WEB, """
                        -10 base web {image: 'web:1'}
                        20 gone deployments.apps/web
                        30 made deployments.apps/web {spec: {replicas: 1, template: {spec: {containers: []}}}}
                        """)).isEmpty();
    }

    @Test
    void aFinalizerThatHoldsAPodIsProvedButNotOneThatWasTakenAway() throws Exception {
        String held = "metadata: {deletionTimestamp: '2026-02-02T02:40:30Z', finalizers: ['example.com/backup']}";
        assertThat(links("finalizers", "pods/p", """
                        -10 is pods/p {spec: {containers: [{name: 'web'}]}, status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]}}
                        20 is pods/p {metadata: {finalizers: ['example.com/backup']}, spec: {containers: [{name: 'web'}]}, status: {phase: 'Running'}}
                        30 is pods/p {%s, spec: {containers: [{name: 'web'}]}, status: {phase: 'Failed'}}
                        """.formatted(held))).contains("A p CHANGED metadata.finalizers");

        assertThat(links("finalizers", "pods/p", """
                        -10 is pods/p {spec: {containers: [{name: 'web'}]}, status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]}}
                        20 is pods/p {metadata: {finalizers: ['example.com/backup']}, spec: {containers: [{name: 'web'}]}, status: {phase: 'Running'}}
                        30 is pods/p {%s, spec: {containers: [{name: 'web'}]}, status: {phase: 'Failed'}}
                        32 gone pods/p
                        """.formatted(held))).isEmpty();
    }

    @Test
    void aNamespaceThatStaysIsExplainedByWhatStaysInIt() throws Exception {
        String left =
                "status: {conditions: [{type: 'NamespaceContentRemaining', status: 'True', message: 'Some resources are remaining:"
                        + " configmaps. has 1 resource instances'}]}";
        assertThat(links("finalizers", "namespaces/shop", """
                        -10 is namespaces/shop {spec: {}}
                        -10 is configmaps/c {metadata: {finalizers: ['example.com/x']}}
                        20 is namespaces/shop {metadata: {deletionTimestamp: '2026-02-02T02:40:20Z'}, %s}
                        21 is configmaps/c {metadata: {deletionTimestamp: '2026-02-02T02:40:21Z', finalizers: ['example.com/x']}}
                        """.formatted(left))).contains("A -> TERMINATING c");
    }

    @Test
    void aJobThatWasNotDoneByItsDeadlineIsExplainedByWhatItsPodWaitedFor() throws Exception {
        String owner =
                "ownerReferences: [{apiVersion: 'batch/v1', kind: 'Job', controller: true, name: 'move', uid: 'u-move'}]";
        String tale = """
                -20 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 5432, targetPort: 8080}]}}
                10 is services/db {spec: {selector: {app: 'db'}, clusterIP: '10.0.0.7', ports: [{port: 6432, targetPort: 8080}]}}
                20 made jobs.batch/move {spec: {activeDeadlineSeconds: 30}}
                21 made pods/move-1 {metadata: {%s}, spec: {containers: [{name: 'move', args: ['tcp://db:%d']}]}, status: {phase: 'Running', containerStatuses: [{name: 'move', ready: true, state: {running: {startedAt: '2026-02-02T02:40:22Z'}}}]}}
                50 is jobs.batch/move {spec: {activeDeadlineSeconds: 30}, status: {conditions: [{type: 'Failed', status: 'True', reason: 'DeadlineExceeded', lastTransitionTime: '2026-02-02T02:40:50Z'}]}}
                51 gone pods/move-1
                """;
        assertThat(links("job-failed", "jobs.batch/move", tale.formatted(owner, 5432)))
                .containsExactly("A -> JOB_UNFINISHED move-1");
        assertThat(causes("jobs.batch/move", tale.formatted(owner, 5432)))
                .first()
                .isEqualTo("A db CHANGED spec.ports[port=5432]");
        assertThat(causes("jobs.batch/move", tale.formatted(owner, 6432))).noneMatch(each -> each.startsWith("A db"));
    }

    @Test
    void aJobsDeadlineIsProvedIfItWasLoweredAndIsWhatItFailedBy() throws Exception {
        String owner =
                "metadata: {ownerReferences: [{apiVersion: 'batch/v1', kind: 'CronJob', controller: true, name: 'report', uid:"
                        + " 'u-report'}]}";
        String late =
                "{type: 'Failed', status: 'True', reason: 'DeadlineExceeded', lastTransitionTime: '2026-02-02T02:40:40Z'}";
        assertThat(links("job-failed", CRON, """
                        -10 is cronjobs.batch/report {spec: {jobTemplate: {spec: {activeDeadlineSeconds: 60, template: {spec: {}}}}}}
                        20 is cronjobs.batch/report {spec: {jobTemplate: {spec: {activeDeadlineSeconds: 2, template: {spec: {}}}}}}
                        30 made jobs.batch/report-1 {%s, spec: {activeDeadlineSeconds: 2}}
                        40 made jobs.batch/report-1 {%s, spec: {activeDeadlineSeconds: 2}, status: {conditions: [%s]}}
                        """.formatted(owner, owner, late)))
                .contains("A report CHANGED spec.jobTemplate.spec.activeDeadlineSeconds");

        assertThat(links("job-failed", CRON, """
                        -10 is cronjobs.batch/report {spec: {jobTemplate: {spec: {activeDeadlineSeconds: 2, template: {spec: {}}}}}}
                        20 is cronjobs.batch/report {spec: {jobTemplate: {spec: {activeDeadlineSeconds: 60, template: {spec: {}}}}}}
                        30 made jobs.batch/report-1 {%s, spec: {activeDeadlineSeconds: 60}}
                        40 made jobs.batch/report-1 {%s, spec: {activeDeadlineSeconds: 60}, status: {conditions: [%s]}}
                        """.formatted(owner, owner, late))).isEmpty();

        assertThat(links("job-failed", CRON, """
                        -10 is cronjobs.batch/report {spec: {jobTemplate: {spec: {activeDeadlineSeconds: 60, template: {spec: {}}}}}}
                        20 is cronjobs.batch/report {spec: {jobTemplate: {spec: {activeDeadlineSeconds: 2, template: {spec: {}}}}}}
                        25 is cronjobs.batch/report {spec: {jobTemplate: {spec: {activeDeadlineSeconds: 60, template: {spec: {}}}}}}
                        30 made jobs.batch/report-1 {%s, spec: {activeDeadlineSeconds: 60}}
                        40 made jobs.batch/report-1 {%s, spec: {activeDeadlineSeconds: 60}, status: {conditions: [%s]}}
                        """.formatted(owner, owner, late)))
                .as("it was made with the old one again")
                .containsExactly("B report CHANGED spec.jobTemplate.spec.activeDeadlineSeconds");
    }

    @Test
    void aPodThatAnotherPreemptedLeadsToWhatBroughtThatOne() throws Exception {
        String told = """
                        -10 is pods/p {spec: {containers: [{name: 'web'}], priority: 0}, status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]}}
                        20 made pods/big {spec: {containers: [{name: 'web'}], priority: %s}, status: {phase: 'Pending'}}
                        21 event Pod/p Preempted Preempted by pod u-big on node n1
                        22 is pods/p {spec: {containers: [{name: 'web'}], priority: 0}, status: {phase: 'Running', conditions: [{type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', lastTransitionTime: '2026-02-02T02:40:21Z', message: 'preempting to accommodate a higher priority pod'}]}}
                        """;
        assertThat(links("preemption", "pods/p", told.formatted(1000))).containsExactly("A big CREATED");
        assertThat(links("preemption", "pods/p", told.formatted(0))).containsExactly("B big CREATED");
    }

    @Test
    void whoeverTookTheRoomIsProvedByThatWithoutItThereIsRoom() throws Exception {
        String node =
                "-20 is nodes/n1 {spec: {}, status: {allocatable: {cpu: '2', pods: '110'}, conditions: [{type: 'Ready', status:"
                        + " 'True'}]}}\n";
        String other = """
                        10 is deployments.apps/batch {spec: {replicas: 1, template: {spec: {containers: []}}}}
                        11 made replicasets.apps/batch-a {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment', controller: true, name: 'batch', uid: 'u-batch'}]}, spec: {replicas: 1}}
                        12 made pods/batch-a-1 {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true, name: 'batch-a', uid: 'u-batch-a'}]}, spec: {nodeName: 'n1', containers: [{name: 'b', resources: {requests: {cpu: '%s'}}}]}, status: {phase: 'Running'}}
                        20 rollout web b {image: 'web:2', resources: {requests: {cpu: '1'}}} unschedulable 0/1 nodes are available: 1 Insufficient cpu.
                        """;
        String before = """
                        -10 base web {image: 'web:1', resources: {requests: {cpu: '1'}}}
                        -10 is deployments.apps/batch {spec: {replicas: 0, template: {spec: {containers: []}}}}
                        """;
        assertThat(links("room-taken", WEB, node + before + other.formatted("1500m")))
                .contains("A batch CHANGED spec.replicas");
        assertThat(links("room-taken", WEB, node + before + other.formatted("100m")))
                .isEmpty();
    }

    @Test
    void aVolumeThatBelongsToAnEarlierClaimIsProvedButNotOneOfAnotherClaim() throws Exception {
        String told = """
                        -20 is persistentvolumes/v {spec: {storageClassName: 'hand', claimRef: {namespace: 'shop', name: '%s', uid: 'u-data'}}, status: {phase: 'Released'}}
                        -10 is persistentvolumeclaims/data {spec: {storageClassName: 'hand', volumeName: 'v'}, status: {phase: 'Bound'}}
                        20 gone persistentvolumeclaims/data
                        30 made persistentvolumeclaims/data {metadata: {uid: 'u-new'}, spec: {storageClassName: 'hand'}, status: {phase: 'Pending'}}
                        31 event PersistentVolumeClaim/data FailedBinding no persistent volumes available
                        """;
        assertThat(links("claim-volume", "persistentvolumeclaims/data", told.formatted("data")))
                .containsExactly("A data DELETED");
        assertThat(links("claim-volume", "persistentvolumeclaims/data", told.formatted("other")))
                .isEmpty();
    }

    @Test
    void aJobThatIsToRunNoPodIsProvedUnlessItIsDoneOrRunsSomeAgain() throws Exception {
        String job =
                "is jobs.batch/move {spec: {parallelism: %d, suspend: %s, template: {spec: {containers: []}}}%s}\n";
        String none = "-10 " + job.formatted(2, false, "") + "20 " + job.formatted(0, false, "");
        assertThat(links("switched-off", "jobs.batch/move", none)).containsExactly("A move CHANGED spec.parallelism");

        String done = ", status: {conditions: [{type: 'Complete', status: 'True'}]}";
        assertThat(links("switched-off", "jobs.batch/move", none + "30 " + job.formatted(0, false, done)))
                .isEmpty();
        assertThat(links("switched-off", "jobs.batch/move", none + "30 " + job.formatted(1, false, "")))
                .isEmpty();
        assertThat(links(
                        "switched-off",
                        "jobs.batch/move",
                        none + "30 " + job.formatted(1, false, "") + "40 " + job.formatted(1, true, "")))
                .as("it runs some again, and waits for another reason")
                .containsExactly("A move CHANGED spec.suspend");
    }
}
