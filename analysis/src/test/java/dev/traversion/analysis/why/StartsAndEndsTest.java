/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What belongs to the start of something, or was done in the end, is not what is wrong. */
class StartsAndEndsTest {

    private static final String WEB = "deployments.apps/web";
    private static final String JOB = "jobs.batch/import";
    private static final String TRIED = """
            -20 is configmaps/settings {data: {mode: 'a'}}
            5 is configmaps/settings {data: {mode: 'b'}}
            -10 is jobs.batch/import {spec: {template: {spec: {containers: [{name: 'import', args: ['a']}]}}}%s}
            8 made pods/import-1 {metadata: {ownerReferences: [{apiVersion: 'batch/v1', kind: 'Job', controller: true, name: 'import', uid: 'u-import'}]}, spec: {containers: [{name: 'import', envFrom: [{configMapRef: {name: 'settings'}}]}]}, status: {containerStatuses: [{name: 'import', lastState: {terminated: {exitCode: 1, reason: 'Error', finishedAt: '2026-02-02T02:40:07Z'}}, state: {waiting: {reason: 'CrashLoopBackOff'}}}]}}
            """;

    @TempDir
    private Path directory;

    private int asked;

    @BeforeEach
    void begin() {
        asked = 0;
    }

    private List<String> causes(String target, String tale) throws Exception {
        return Tale.causes(directory.resolve("tale-" + asked++), target, tale);
    }

    private static String crashed(int second, int since, boolean isReady) {
        return """
                -10 base web {image: 'web:1'}
                20 is deployments.apps/web {spec: {replicas: 1, template: {metadata: {labels: {app: 'web'}}, spec: {containers: [{name: 'web', image: 'web:2'}]}}}}
                21 made pods/web-b-x {metadata: {labels: {app: 'web', 'pod-template-hash': 'b'}, ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment', controller: true, name: 'web', uid: 'u-web'}]}, spec: {containers: [{name: 'web', image: 'web:2'}]}, status: {containerStatuses: [{name: 'web', ready: %s, restartCount: 1, lastState: {terminated: {exitCode: 1, reason: 'Error', startedAt: '%s', finishedAt: '%s'}}, state: {running: {startedAt: '%s'}}}]}}
                """.formatted(isReady, Story.time(21), Story.time(second), Story.time(since));
    }

    @Test
    void aContainerThatFailedAtOnceAndIsReadyForLongSinceHasSettledButNotOneThatRanForLong() throws Exception {
        assertThat(causes(WEB, crashed(23, 25, true))).isEmpty();

        String image = "B web CHANGED spec.template.spec.containers[name=web].image";
        assertThat(causes(WEB, crashed(23, 25, false))).as("not ready").contains(image);
        assertThat(causes(WEB, crashed(23, 295, true))).as("for a moment only").contains(image);
        assertThat(causes(WEB, crashed(200, 202, true)))
                .as("it had run for long")
                .contains(image);
    }

    /** A pod whose probe fails for so many seconds at each of some moments, while what it runs is of another image than before. */
    private static String unready(int took, int... moments) {
        StringBuilder tale = new StringBuilder("-10 base web {image: 'web:1'}\n");
        for (int moment : moments) {
            tale.append(moment - 1)
                    .append(" is configmaps/settings {data: {mode: '" + moment + "'}}\n")
                    .append(moment)
                    .append(
                            " event Pod/web-a-x Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 502\n")
                    .append(moment)
                    .append(" pod web {image: 'web:1', envFrom: [{configMapRef: {name: 'settings'}}]} unready\n")
                    .append(moment + took)
                    .append(" pod web {image: 'web:1', envFrom: [{configMapRef: {name: 'settings'}}]} ready\n");
        }
        return tale.toString();
    }

    private List<String> symptoms(String tale) throws Exception {
        return Tale.symptoms(directory.resolve("tale-" + asked++), WEB, tale);
    }

    @Test
    void aPodThatWasNotReadyForAShortTimeHasWaitedButNotOneThatStillDoesOrDidAgainAndAgain() throws Exception {
        assertThat(symptoms(unready(30, 100))).isEmpty();
        assertThat(symptoms(unready(30, 100, 200))).isEmpty();

        assertThat(symptoms(unready(70, 100))).as("for long").containsExactly("READINESS_FAILED web-a-x");
        assertThat(symptoms(unready(30, 280))).as("it lasts").containsExactly("READINESS_FAILED web-a-x");
        assertThat(symptoms(unready(30, 60, 140, 220))).as("it flaps").containsExactly("READINESS_FAILED web-a-x");
    }

    @Test
    void aJobThatCameToItsEndWasTriedAgainForGoodReason() throws Exception {
        String done =
                ", status: {conditions: [{type: 'Complete', status: 'True', lastTransitionTime: '2026-02-02T02:40:30Z'}]}";
        assertThat(causes(JOB, TRIED.formatted(done))).isEmpty();

        assertThat(causes(JOB, TRIED.formatted(""))).contains("B settings CHANGED data.mode");
    }

    /** A Job's pod is done, and its proxy was stopped, or failed before. */
    private static String stopped(int second) {
        return """
                -10 is jobs.batch/import {spec: {template: {spec: {containers: [{name: 'import'}]}}}}
                8 made pods/import-1 {metadata: {ownerReferences: [{apiVersion: 'batch/v1', kind: 'Job', controller: true, name: 'import', uid: 'u-import'}]}, spec: {initContainers: [{name: 'proxy', restartPolicy: 'Always'}], containers: [{name: 'import'}]}, status: {phase: 'Succeeded', initContainerStatuses: [{name: 'proxy', state: {terminated: {exitCode: 143, reason: 'Error', finishedAt: '%s'}}}], containerStatuses: [{name: 'import', state: {terminated: {exitCode: 0, reason: 'Completed', finishedAt: '%s'}}}]}}
                """.formatted(Story.time(second), Story.time(30));
    }

    @Test
    void whatRanBesideAJobIsStoppedInTheEndWhichIsNoCrash() throws Exception {
        String pod = "pods/import-1";
        assertThat(Tale.symptoms(directory.resolve("after"), pod, stopped(31))).isEmpty();

        assertThat(Tale.symptoms(directory.resolve("before"), pod, stopped(20))).containsExactly("CRASHED import-1");
    }

    @Test
    void whatRunsBesideOthersMaySettleToo() throws Exception {
        String beside = crashed(23, 25, true)
                .replace(
                        "spec: {containers: [{name: 'web', image: 'web:2'}]}, status: {c",
                        "spec: {initContainers:"
                                + " [{name: 'web', restartPolicy: 'Always', image: 'web:2'}]}, status: {initC");
        assertThat(symptoms(beside)).isEmpty();

        assertThat(symptoms(beside.replace("ready: true", "ready: false"))).containsExactly("CRASHED web-b-x");
    }

    @Test
    void whatIsSaidOfOneContainersProbeIsNotSaidOfAnother() throws Exception {
        String pod = """
                5 made pods/p {spec: {containers: [{name: 'a', readinessProbe: {}}, {name: 'b', startupProbe: {}}]}, status: {phase: 'Running', conditions: [{type: 'Ready', status: 'False'}], containerStatuses: [{name: 'a', ready: false, state: {running: {startedAt: '%1$s'}}}, {name: 'b', ready: false, state: {running: {startedAt: '%1$s'}}}]}}
                """.formatted(Story.time(6));
        String event =
                "%1$d is events/p.%1$d {type: 'Warning', reason: 'Unhealthy', message: '%2$s probe failed: bad', firstTimestamp: '%3$s', lastTimestamp: '%3$s', involvedObject: {kind: 'Pod', namespace: 'shop', name: 'p', fieldPath: 'spec.containers{%4$s}'}}\n";
        String told = pod
                + event.formatted(20, "Readiness", Story.time(20), "a")
                + event.formatted(21, "Startup", Story.time(21), "b");
        assertThat(Tale.symptoms(directory.resolve("probes"), "pods/p", told))
                .containsExactly("STARTUP_FAILED p", "READINESS_FAILED p");
    }

    @Test
    void aPodThatComesAndGoesIsNotWellWhenItIsReadyForAMoment() throws Exception {
        String pod =
                "%d is pods/p {spec: {containers: [{name: 'a', readinessProbe: {}}]}, status: {phase: 'Running', conditions: [{type: 'Ready', status: '%s'}], containerStatuses: [{name: 'a', ready: %s, state: {running: {startedAt: '%s'}}}]}}\n";
        String event =
                "%1$d is events/p.%1$d {type: 'Warning', reason: 'Unhealthy', message: 'Readiness probe failed: bad', firstTimestamp: '%2$s', lastTimestamp: '%2$s', involvedObject: {kind: 'Pod', namespace: 'shop', name: 'p', fieldPath: 'spec.containers{a}'}}\n";
        String first = pod.formatted(5, "True", true, Story.time(2));
        String gone = event.formatted(280, Story.time(280)) + pod.formatted(280, "False", false, Story.time(2));
        String back = pod.formatted(284, "True", true, Story.time(2));
        String fails = event.formatted(290, Story.time(290));
        assertThat(ofPod(first + gone + back + fails)).containsExactly("READINESS_FAILED p");

        assertThat(ofPod(first + gone + back)).as("it has been ready since").isEmpty();
        assertThat(ofPod(first + gone + event.formatted(282, Story.time(282)) + back))
                .as("it failed before it was ready again")
                .isEmpty();
        assertThat(ofPod(first.replace("True", "False").replace("ready: true", "ready: false") + gone + back + fails))
                .as("it had to start")
                .isEmpty();
        assertThat(ofPod((first + gone + back + fails)
                        .replace("280", "180")
                        .replace(Story.time(280), Story.time(180))
                        .replace("284", "184")
                        .replace("290", "190")
                        .replace(Story.time(290), Story.time(190))))
                .as("long ago")
                .isEmpty();
    }

    private List<String> ofPod(String tale) throws Exception {
        return Tale.symptoms(directory.resolve("tale-" + asked++), "pods/p", tale);
    }

    @Test
    void whatFailedShortlyOnTheWayOfARolloutThatIsDoneIsOver() throws Exception {
        String tale = """
                -10 base web {image: 'web:1'}
                20 rollout web b {image: 'web:2'} crashed Error bad
                36 gone pods/web-b-x
                37 is replicasets.apps/web-b {metadata: {ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment', controller: true, name: 'web', uid: 'u-web'}]}, spec: {replicas: 0, template: {metadata: {labels: {app: 'web'}}, spec: {containers: [{name: 'web', image: 'web:2'}]}}}}
                40 is deployments.apps/web {metadata: {generation: 3}, spec: {replicas: 1, template: {metadata: {labels: {app: 'web'}}, spec: {containers: [{name: 'web', image: 'web:1'}]}}}, status: {observedGeneration: 3, replicas: %d, updatedReplicas: 1, readyReplicas: 1}}
                """;
        assertThat(symptoms(tale.formatted(1))).isEmpty();

        assertThat(symptoms(tale.formatted(2))).as("another one is there").containsExactly("CRASHED web-b-x");
        assertThat(symptoms(tale.replace("36 gone", "96 gone")
                        .replace("37 is", "97 is")
                        .replace("40 is", "98 is")
                        .formatted(1)))
                .as("for long")
                .containsExactly("CRASHED web-b-x");
        String waited = tale.replace("crashed Error bad", "waiting CreateContainerConfigError secret x not found")
                .replace("36 gone pods/web-b-x", "36 pod web/b {image: 'web:2'} ready");
        assertThat(symptoms(waited.formatted(1))).as("it came later").isEmpty();
        assertThat(symptoms(waited.formatted(2))).containsExactly("CONFIG_MISSING web-b-x");
    }

    @Test
    void aServiceThatHasEndpointsForAMomentGoesOnBeingWithout() throws Exception {
        String slice =
                " is endpointslices.discovery.k8s.io/db-1 {metadata: {labels: {'kubernetes.io/service-name': 'db'}}, endpoints: [{conditions: {ready: %s}, targetRef: {kind: 'Pod', name: 'db-a-x'}}]}\n";
        String tale =
                "-20 is services/db {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}\n-10 base db {image: 'db:1'}\n"
                        + "-9" + slice.formatted(false) + "-8" + slice.formatted(true) + "%d" + slice.formatted(false)
                        + "%d" + slice.formatted(true) + "%d" + slice.formatted(false);
        assertThat(since(tale.formatted(50, 60, 65))).isEqualTo(50);
        assertThat(since(tale.formatted(50, 60, 90)))
                .as("it was well for longer")
                .isEqualTo(90);
    }

    private int since(String tale) throws Exception {
        return Tale.began(directory.resolve("tale-" + asked++), "services/db", tale);
    }
}
