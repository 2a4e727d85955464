/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a container finds where it mounts volumes, and claims that are going and do not go. */
class VolumeRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";

    private static String mounts(String before, String after, String said) {
        String spec = "containers: [{name: 'web', image: 'web:1', volumeMounts: [%s]}]";
        return rollout(spec.formatted(before), spec.formatted(after), Story.crashed(30, "Error", said));
    }

    private static String mount(String name, String path) {
        return "{name: '" + name + "', mountPath: '" + path + "'}";
    }

    @Test
    void aFileThatIsNotThereMayBeInTheVolumeThatWasMountedThere() throws Exception {
        String said = "open /run/x/state: no such file or directory";
        String field = "B web CHANGED spec.template.spec.containers[name=web].volumeMounts[name=%s]";
        assertThat(links("mount-path", WEB, mounts(mount("a", "/run/x"), mount("b", "/run/x"), said)))
                .containsExactlyInAnyOrder(field.formatted("a"), field.formatted("b"));
        assertThat(links("mount-path", WEB, mounts(mount("a", "/run/x/"), "", said)))
                .as("none is mounted there any more")
                .isNotEmpty()
                .allMatch(link -> link.startsWith("B web CHANGED"));
        assertThat(links(
                        "mount-path",
                        WEB,
                        mounts(mount("a", "/run"), mount("a", "/run") + ", " + mount("b", "/run/x"), said)))
                .as("another one hides what was there")
                .containsExactly(field.formatted("b"));

        assertThat(links("mount-path", WEB, mounts("", mount("b", "/run/x"), said)))
                .as("it hides what was there")
                .containsExactly("B web CHANGED spec.template.spec.containers[name=web].volumeMounts[name=b]");

        String stays = mount("s", "/run/x") + ", ";
        assertThat(links("mount-path", WEB, mounts(stays + mount("a", "/srv"), stays + mount("b", "/srv"), said)))
                .as("what is mounted there is as it was")
                .isEmpty();
        assertThat(links("mount-path", WEB, mounts(mount("a", "/run/xy"), mount("b", "/run/xy"), said)))
                .as("a part of a name is another folder")
                .isEmpty();
        assertThat(links(
                        "mount-path",
                        WEB,
                        mounts(mount("a", "/run/x"), mount("b", "/run/x"), "open /run/x/state: too many open files")))
                .isEmpty();
    }

    private static String claimed(String finalizers, String more) {
        String claim =
                "is persistentvolumeclaims/data {metadata: {%sfinalizers: [%s]}, spec: {}, status: {phase: 'Bound'}}\n";
        return "-20 " + claim.formatted("", finalizers)
                + "10 " + claim.formatted("", finalizers + more)
                + "15 " + claim.formatted("deletionTimestamp: '" + Story.time(15) + "', ", finalizers + more)
                + "20 made pods/p {spec: {containers: [{name: 'web'}], volumes: [{name: 'd', persistentVolumeClaim:"
                + " {claimName: 'data'}}]}, status: {phase: 'Pending', conditions: [{type: 'PodScheduled', status:"
                + " 'False', reason: 'Unschedulable', lastTransitionTime: '" + Story.time(21)
                + "', message: '0/1 nodes are available: persistentvolumeclaim \\\"data\\\" is being deleted.'}]}}\n";
    }

    @Test
    void aPodThatWaitsForAClaimWhichIsDeletedAndHeldIsLedBackToWhoHoldsIt() throws Exception {
        String usual = "'kubernetes.io/pvc-protection'";
        String foreign = ", 'example.com/backup'";
        assertThat(links("pod-claims", "pods/p", claimed(usual, foreign))).containsExactly("A -> TERMINATING data");
        assertThat(causes("pods/p", claimed(usual, foreign)))
                .first()
                .asString()
                .startsWith("A data CHANGED metadata.finalizers");

        assertThat(links("pod-claims", "pods/p", claimed(usual, "")))
                .as("it is held for those that use it")
                .isEmpty();
        assertThat(causes("pods/p", claimed(usual, ""))).noneMatch(cause -> cause.contains("finalizers"));
        String stays = claimed(usual, foreign).replaceAll("(?m)^15 .*\n", "");
        assertThat(links("pod-claims", "pods/p", stays)).as("nobody deletes it").isEmpty();
    }
}
