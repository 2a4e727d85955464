/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is said of files that a container may not read, and what is not. */
class FileModeRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";

    @Test
    void filesThatAUserMayNotReadAnyMoreAreProvedByTheMessageButAreNothingToRoot() throws Exception {
        String spec =
                "securityContext: {runAsUser: %d, runAsGroup: 1000}, volumes: [{name: 's', configMap: {name: 'c', defaultMode: %d}}],"
                        + " containers: [{name: 'web', volumeMounts: [{name: 's', mountPath: '/etc/c'}]}]";
        String field = "web CHANGED spec.template.spec.volumes[name=s].configMap.defaultMode";
        String denied = Story.crashed(22, "Error", "open /etc/c/x: permission denied");
        assertThat(links("file-mode", WEB, rollout(spec.formatted(1000, 420), spec.formatted(1000, 256), denied)))
                .containsExactly("A " + field);

        String silent = Story.crashed(22, "Error", "");
        assertThat(links("file-mode", WEB, rollout(spec.formatted(1000, 420), spec.formatted(1000, 256), silent)))
                .containsExactly("B " + field);
        assertThat(links("file-mode", WEB, rollout(spec.formatted(0, 420), spec.formatted(0, 256), denied)))
                .isEmpty();
    }

    @Test
    void aFileWithoutAModeOfItsOwnHasThatOfItsVolume() throws Exception {
        String spec =
                "securityContext: {runAsUser: 1000, runAsGroup: 1000}, volumes: [{name: 's', configMap: {name: 'c', defaultMode: %d,"
                        + " items: [{key: 'x', path: 'x'%s}]}}], containers: [{name: 'web', volumeMounts: [{name: 's', mountPath: '/etc/c'}]}]";
        String denied = Story.crashed(22, "Error", "open /etc/c/x: permission denied");
        String field = "web CHANGED spec.template.spec.volumes[name=s].configMap.";
        assertThat(links(
                        "file-mode", WEB, rollout(spec.formatted(420, ""), spec.formatted(420, ", mode: 256"), denied)))
                .containsExactly("A " + field + "items[key=x].mode");
        assertThat(links(
                        "file-mode", WEB, rollout(spec.formatted(256, ""), spec.formatted(256, ", mode: 256"), denied)))
                .as("it was so before")
                .isEmpty();
        assertThat(links(
                        "file-mode",
                        WEB,
                        rollout(spec.formatted(420, ", mode: 420"), spec.formatted(256, ", mode: 420"), denied)))
                .as("the file keeps its own")
                .containsExactly("B " + field + "defaultMode");
    }

    @Test
    void aModeIsNoProofWhereItTurnsOnAGroupThatIsNotKnownOrAnotherFileIsMeant() throws Exception {
        String spec =
                "securityContext: {runAsUser: 1000%s}, volumes: [{name: 's', configMap: {name: 'c', defaultMode: %d}}],"
                        + " containers: [{name: 'web', volumeMounts: [{name: 's', mountPath: '/etc/c'}]}]";
        String denied = Story.crashed(22, "Error", "open /etc/c/x: permission denied");
        String field = " web CHANGED spec.template.spec.volumes[name=s].configMap.defaultMode";
        String group = ", runAsGroup: 1000";
        assertThat(links("file-mode", WEB, rollout(spec.formatted(group, 420), spec.formatted(group, 416), denied)))
                .containsExactly("A" + field);
        assertThat(links("file-mode", WEB, rollout(spec.formatted("", 420), spec.formatted("", 416), denied)))
                .as("root's group may read it")
                .containsExactly("B" + field);
        assertThat(links("file-mode", WEB, rollout(spec.formatted("", 420), spec.formatted("", 256), denied)))
                .as("no group may")
                .containsExactly("A" + field);

        String other = Story.crashed(22, "Error", "open /etc/certs/x: permission denied");
        assertThat(links("file-mode", WEB, rollout(spec.formatted(group, 420), spec.formatted(group, 256), other)))
                .containsExactly("B" + field);
    }

    @Test
    void whoeverMayNotReadFilesAnyMoreIsProvedByTheirModeButNotWhereOthersMayOrTheKubeletGivesThemAway()
            throws Exception {
        String spec = "securityContext: {runAsUser: 1000, runAsGroup: 1000%s}, volumes: [{name: 's', %s}],"
                + " containers: [{name: 'web', volumeMounts: [{name: 's', mountPath: '/etc/c'}]}]";
        String group = ", fsGroup: 2000";
        String secret = "secret: {secretName: 'c', defaultMode: %d}";
        String denied = Story.crashed(22, "Error", "open /etc/c/x: permission denied");
        String own = secret.formatted(256);
        assertThat(links("file-mode", WEB, rollout(spec.formatted(group, own), spec.formatted("", own), denied)))
                .containsExactly("A web CHANGED spec.template.spec.securityContext.fsGroup");

        String all = secret.formatted(420);
        assertThat(links("file-mode", WEB, rollout(spec.formatted(group, all), spec.formatted("", all), denied)))
                .as("all may read them")
                .isEmpty();
        String token = "projected: {defaultMode: 256, sources: [{serviceAccountToken: {path: 'x'}}]}";
        assertThat(links("file-mode", WEB, rollout(spec.formatted(group, token), spec.formatted("", token), denied)))
                .as("a token may be the user's own")
                .isEmpty();
        String back = rollout(spec.formatted(group, own), spec.formatted("", own), denied)
                .replace(
                        "21 made",
                        "20 is deployments.apps/web {spec: {template: {spec: {" + spec.formatted(group, own)
                                + "}}}}\n21 made")
                .replace(
                        "spec: {" + spec.formatted("", own) + "}, status",
                        "spec: {" + spec.formatted(group, own) + "}, status");
        assertThat(links("file-mode", WEB, back))
                .as("the pod has the group again")
                .isEmpty();
    }
}
