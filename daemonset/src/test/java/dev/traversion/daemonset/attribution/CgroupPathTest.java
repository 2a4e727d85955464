/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CgroupPathTest {

    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);
    private static final String UID = "0a1b2c3d-1111-4222-8333-0123456789ab";
    private static final String SLICED = UID.replace('-', '_');
    private static final String STATIC = "0123456789abcdef0123456789abcdef";

    /** A and B stand for container ids, UID for a pod's, SLICED for it with underscores, STATIC for a manifest's hash. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            /kubepods/podUID/A                                                              | UID    | A
            /kubepods/burstable/podUID/A                                                    | UID    | A
            /kubepods/besteffort/podUID/A                                                   | UID    | A
            /kubepods/besteffort/podUID                                                     | UID    | ""
            /kubepods/burstable/podSTATIC/A                                                 | STATIC | A
            /kubepods.slice/kubepods-podSLICED.slice/cri-containerd-A.scope                 | UID    | A
            /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podSLICED.slice/crio-A.scope | UID | A
            /kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podSLICED.slice/docker-A.scope | UID | A
            /kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podSTATIC.slice/cri-containerd-A.scope | STATIC | A
            /kubepods.slice/kubepods-podSLICED.slice/crio-conmon-A.scope                    | UID    | ""
            /kubepods.slice/kubepods-podSLICED.slice/cri-containerd-A.scope/init.scope      | UID    | A
            /kubepods/podUID/A/system.slice/docker-B.scope                                  | UID    | A
            /system.slice/containerd.service/kubepods-burstable-podSLICED.slice:cri-containerd:A | UID | A
            /docker/B/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-podSLICED.slice/cri-containerd-A.scope | UID | A
            /docker/B/kubelet/kubepods/podUID/A                                             | UID    | A
            /docker/B/kubelet/kubepods/podUID                                               | UID    | ""
            /docker/A                                                                       | ""     | A
            /system.slice/docker-A.scope                                                    | ""     | A
            /traversion-test/kubepods/podUID/A                                              | UID    | A
            /system.slice/sshd.service                                                      | ""     | ""
            /kubepods/burstable                                                             | ""     | ""
            /kubepods/podUIDx/none                                                          | ""     | ""
            /user.slice/user-0.slice/session-1.scope                                        | ""     | ""
            /                                                                               | ""     | ""
            ""                                                                              | ""     | ""
            """)
    void podAndContainerAreToldFromThePath(String path, String pod, String container) {
        assertThat(CgroupPath.container(filled(path))).hasToString(filled(pod) + "/" + filled(container));
    }

    private static String filled(String text) {
        return text.replace("UID", UID)
                .replace("SLICED", SLICED)
                .replace("STATIC", STATIC)
                .replaceAll("\\bA\\b|(?<=-)A", A)
                .replaceAll("\\bB\\b|(?<=-)B", B);
    }
}
