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

    @Test
    void aPodThatAsksForItsIndexIsLedBackToJobsThatHaveNone() throws Exception {
        String cron =
                "is cronjobs.batch/pay {spec: {jobTemplate: {spec: {completionMode: '%s', template: {spec: {containers: [{name: 'pay'}]}}}}}}\n";
        String tale = "-20 " + cron.formatted("Indexed") + "10 " + cron.formatted("NonIndexed")
                + "29 made jobs.batch/now {" + of("CronJob", "pay") + "}\n30 made pods/now-x {" + of("Job", "now")
                + ", spec: {containers: [{name: 'pay'}]}, status: {phase: 'Failed', containerStatuses: [{name: 'pay', state: {terminated:"
                + " {exitCode: 1, reason: 'Error', message: 'no half %s', finishedAt: '" + Story.time(30) + "'}}}]}}\n";
        assertThat(links("job-indexes", "jobs.batch/now", tale.formatted("$(JOB_COMPLETION_INDEX)")))
                .containsExactly("A pay CHANGED spec.jobTemplate.spec.completionMode");
        assertThat(links("job-indexes", "jobs.batch/now", tale.formatted("3"))).isEmpty();
    }

    private static final String PAY = "cronjobs.batch/pay";

    private static String cron(String spec) {
        return "is cronjobs.batch/pay {spec: {" + spec
                + ", jobTemplate: {spec: {template: {spec: {containers: [{name: 'pay'}]}}}}}}\n";
    }

    private static String of(String kind, String name) {
        return "metadata: {ownerReferences: [{apiVersion: 'batch/v1', kind: '" + kind + "', controller: true, name: '"
                + name + "', uid: 'u-" + name + "'}]}";
    }

    private static String job(String name, String status) {
        return "made jobs.batch/" + name + " {" + of("CronJob", "pay") + ", status: {" + status + "}}\n";
    }

    private static String done(int second) {
        return "completionTime: '" + Story.time(second)
                + "', conditions: [{type: 'Complete', status: 'True', lastTransitionTime: '" + Story.time(second)
                + "'}]";
    }

    private static String run(int second, String job) {
        return second + " made pods/" + job + "-x {" + of("Job", job)
                + ", spec: {containers: [{name: 'pay'}]}, status: {phase: 'Running', containerStatuses: [{name: 'pay',"
                + " ready: true, state: {running: {startedAt: '" + Story.time(second) + "'}}}]}}\n";
    }

    private static final String GONE = "gone jobs.batch/one {" + of("CronJob", "pay") + "}\n";

    /** A run begins at second 20, and goes at second 30, when the next one begins. */
    private static String replaced(String first) {
        return "-15 " + job("first", first) + "20 " + job("one", "") + run(21, "one") + "30 " + GONE + "30 "
                + job("two", "") + "31 gone pods/one-x\n" + run(31, "two");
    }

    @Test
    void aRunThatTheNextOneTakesThePlaceOfIsLedBackToThePolicyAndProvedIfOneTookLongerBefore() throws Exception {
        String tale = "-20 " + cron("concurrencyPolicy: 'Forbid'") + "10 " + cron("concurrencyPolicy: 'Replace'");
        String field = "pay CHANGED spec.concurrencyPolicy";
        assertThat(symptoms(PAY, tale + replaced(done(0)))).containsExactly("JOB_UNFINISHED one-x");
        assertThat(links("replaced-run", PAY, tale + replaced(done(0)))).containsExactly("A " + field);
        assertThat(causes(PAY, tale + replaced(done(0)))).startsWith("A " + field);
        assertThat(links("replaced-run", PAY, tale + replaced(done(-10))))
                .as("the one before took five seconds, and this one had nine")
                .containsExactly("B " + field);
        assertThat(links("replaced-run", PAY, tale + replaced("")))
                .as("the one before never ended")
                .containsExactly("B " + field);

        String late = "-20 " + cron("concurrencyPolicy: 'Replace', suspend: false") + replaced(done(0)) + "40 "
                + cron("concurrencyPolicy: 'Replace', suspend: true");
        assertThat(links("replaced-run", PAY, late)).as("it always was so").isEmpty();
    }

    @Test
    void aRunThatTheNextOneTakesThePlaceOfIsLedBackToTheScheduleIfThatWasChanged() throws Exception {
        String schedule = "concurrencyPolicy: 'Replace', schedule: '%s * * * *'";
        String tale = "-20 " + cron(schedule.formatted("*/5")) + "%d " + cron(schedule.formatted("*"));
        assertThat(links("replaced-run", PAY, tale.formatted(10) + replaced(done(0))))
                .containsExactly("B pay CHANGED spec.schedule");
        assertThat(links("replaced-run", PAY, tale.formatted(50) + replaced(done(0))))
                .as("it was changed later")
                .isEmpty();
    }

    @Test
    void runsThatEndBeforeTheNextOneOrAreFollowedByOneThatWasDoneAreWell() throws Exception {
        String tale = "-20 " + cron("concurrencyPolicy: 'Forbid'") + "10 " + cron("concurrencyPolicy: 'Replace'");
        String told = tale + replaced(done(0));
        assertThat(symptoms(PAY, told.replace("20 " + job("one", ""), "20 " + job("one", done(28)))))
                .as("it had come to its end")
                .isEmpty();
        assertThat(symptoms(PAY, told + "45 " + job("three", done(50))))
                .as("one was done since")
                .isEmpty();
        assertThat(symptoms(PAY, told + "45 " + job("three", ""))).containsExactly("JOB_UNFINISHED one-x");
        assertThat(symptoms(PAY, told.replace("30 " + GONE, "")))
                .as("it was left to run")
                .isEmpty();
        assertThat(symptoms(PAY, told.replace("'Replace'", "'Allow'")))
                .as("somebody else ended it")
                .isEmpty();
    }

    @Test
    void aJobThatWasGivenUpForItsFailuresIsNotLedBackToItsDeadline() throws Exception {
        String cron = "is cronjobs.batch/pay {spec: {jobTemplate: {spec: {activeDeadlineSeconds: %d, template: {spec:"
                + " {containers: []}}}}}}\n";
        String failed = "30 made jobs.batch/now {" + of("CronJob", "pay")
                + ", spec: {activeDeadlineSeconds: 5}, status: {failed: 1, conditions: [{type: 'Failed', status:"
                + " 'True', reason: '%s', message: 'x', lastTransitionTime: '" + Story.time(35) + "'}]}}\n";
        String tale = "-20 " + cron.formatted(60) + "10 " + cron.formatted(5) + failed;
        assertThat(links("job-failed", PAY, tale.formatted("DeadlineExceeded")))
                .containsExactly("A pay CHANGED spec.jobTemplate.spec.activeDeadlineSeconds");
        assertThat(links("job-failed", PAY, tale.formatted("BackoffLimitExceeded")))
                .isEmpty();
    }
}
