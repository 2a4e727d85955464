/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Jobs that nobody begins: when that is told, and what of. */
class JobRulesTest extends RulesTest {

    @Test
    void aJobThatIsLeftToAnotherControllerIsHeldBackUnlessItIsToWaitOrWasBegun() throws Exception {
        String cron =
                "is cronjobs.batch/pay {spec: {jobTemplate: {spec: {%stemplate: {spec: {containers: [{name: 'pay'}]}}}}}}\n";
        String job =
                "%d made jobs.batch/%s {metadata: {ownerReferences: [{apiVersion: 'batch/v1', kind: 'CronJob', controller: true, name:"
                        + " 'pay', uid: 'u-pay'}]}, spec: {%s, template: {spec: {containers: [{name: 'pay'}]}}}, status: {%s}}\n";
        String queue = "managedBy: 'queue.example.com/far'";
        String tale = "-10 " + cron.formatted("") + "20 " + cron.formatted(queue + ", ");
        String target = "jobs.batch/now";
        String field = "pay CHANGED spec.jobTemplate.spec.managedBy";
        assertThat(causes(target, tale + job.formatted(30, "now", queue, ""))).containsExactly("A " + field);
        assertThat(causes("cronjobs.batch/pay", tale + job.formatted(30, "now", queue, "")))
                .containsExactly("A " + field);
        assertThat(links(
                        "managed-job",
                        target,
                        tale
                                + job.formatted(30, "now", queue, "")
                                + job.formatted(25, "earlier", queue, "startTime: '2026-02-02T02:40:30Z'")))
                .as("that controller begins Jobs")
                .containsExactly("C " + field);

        assertThat(symptoms(target, tale + job.formatted(30, "now", queue + ", suspend: true", "")))
                .noneMatch(symptom -> symptom.startsWith("HELD_BACK"));
        assertThat(symptoms(target, tale + job.formatted(30, "now", queue, "startTime: '2026-02-02T02:40:30Z'")))
                .isEmpty();
        assertThat(symptoms(target, tale + job.formatted(290, "now", queue, "")))
                .as("it may still be begun")
                .isEmpty();
        assertThat(symptoms(
                        target,
                        tale
                                + job.formatted(30, "now", queue + ", suspend: true", "")
                                + job.formatted(290, "now", queue, "").replace("made", "is")))
                .as("it was to wait until just now")
                .isEmpty();
        assertThat(symptoms(target, tale + job.formatted(30, "now", "managedBy: 'kubernetes.io/job-controller'", "")))
                .isEmpty();
    }

    @Test
    void aJobThatWasMadeForAnotherControllerIsNotProved() throws Exception {
        String job =
                "20 made jobs.batch/now {spec: {managedBy: '%s', template: {spec: {containers: [{name: 'pay'}]}}}, status: {}}\n";
        assertThat(links("managed-job", "jobs.batch/now", job.formatted("queue.example.com/far")))
                .containsExactly("B now CREATED spec.managedBy");
        assertThat(links("managed-job", "jobs.batch/now", job.formatted("kubernetes.io/job-controller")))
                .isEmpty();
    }

    @Test
    void aJobWithoutASecondTryIsProvedByOneThatNeededIt() throws Exception {
        String cron =
                "is cronjobs.batch/pay {spec: {jobTemplate: {spec: {%s, template: {spec: {containers: [{name: 'pay'}]}}}}}}\n";
        String job =
                "%d made jobs.batch/%s {metadata: {ownerReferences: [{apiVersion: 'batch/v1', kind: 'CronJob', controller: true,"
                        + " name: 'pay', uid: 'u-pay'}]}, status: {failed: %d, conditions: [{type: '%s', status: 'True', reason: '%s', message:"
                        + " 'x', lastTransitionTime: '%s'}]}}\n";
        String policy = "podFailurePolicy: {rules: [{action: 'FailJob'}]}";
        String before = "-20 " + cron.formatted("backoffLimit: 3")
                + job.formatted(-10, "earlier", 2, "Complete", "CompletionsReached", Story.time(-10));
        String failed = job.formatted(30, "now", 1, "Failed", "%s", Story.time(30));
        String byPolicy = "10 " + cron.formatted("backoffLimit: 3, " + policy) + failed.formatted("PodFailurePolicy");
        String byLimit = "10 " + cron.formatted("backoffLimit: 1") + failed.formatted("BackoffLimitExceeded");
        String target = "jobs.batch/now";
        String changed = "A pay CHANGED spec.jobTemplate.spec.";
        assertThat(links("job-failed", target, before + byPolicy)).containsExactly(changed + "podFailurePolicy");
        assertThat(links("job-failed", target, before + byLimit)).containsExactly(changed + "backoffLimit");
        assertThat(links("job-failed", target, before.replace("failed: 2", "failed: 0") + byPolicy))
                .as("none ever needed a second try")
                .containsExactly("B pay CHANGED spec.jobTemplate.spec.podFailurePolicy");
        assertThat(links("job-failed", target, before.replace("failed: 2", "failed: 1") + byLimit))
                .as("one more try is what it still may have")
                .containsExactly("B pay CHANGED spec.jobTemplate.spec.backoffLimit");
    }

    @Test
    void aPodOfAnIndexThatThereWasNotBeforeIsLedBackToTheNumberOfThem() throws Exception {
        String cron =
                "is cronjobs.batch/pay {spec: {jobTemplate: {spec: {completions: %d, template: {spec: {containers: [{name: 'pay'}]}}}}}}\n";
        String tale = "-20 " + cron.formatted(3) + "10 " + cron.formatted(4)
                + "29 made jobs.batch/now {metadata: {ownerReferences: [{apiVersion: 'batch/v1', kind: 'CronJob', controller: true,"
                + " name: 'pay', uid: 'u-pay'}]}}\n"
                + "30 made pods/now-x {metadata: {annotations: {'batch.kubernetes.io/job-completion-index': '%d'}, ownerReferences:"
                + " [{apiVersion: 'batch/v1', kind: 'Job', controller: true, name: 'now', uid: 'u-now'}]}, spec: {containers: [{name: 'pay'}]},"
                + " status: {phase: 'Failed', containerStatuses: [{name: 'pay', state: {terminated: {exitCode: 1, reason: 'Error', finishedAt: '"
                + Story.time(30) + "'}}}]}}\n";
        assertThat(links("job-indexes", "jobs.batch/now", tale.formatted(3)))
                .containsExactly("A pay CHANGED spec.jobTemplate.spec.completions");
        assertThat(links("job-indexes", "jobs.batch/now", tale.formatted(2))).isEmpty();
    }
}
