/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.attribution;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells pod and container from the path of a control group, of either version and of both drivers of the kubelet:
 *
 * <pre>
 * systemd   kubepods[-burstable|-besteffort]-pod&lt;uid with _&gt;.slice/[cri-containerd-|crio-|docker-]&lt;64 hex&gt;.scope
 * cgroupfs  kubepods[/burstable|/besteffort]/pod&lt;uid&gt;/&lt;64 hex&gt;
 * mixed     ...-pod&lt;uid with _&gt;.slice:cri-containerd:&lt;64 hex&gt;
 * </pre>
 *
 * A static pod's uid is a hash of its manifest, 32 hex digits. What is below a container, a container in the container included,
 * belongs to it. A container without a pod is one of Docker's, for example.
 */
final class CgroupPath {

    private static final String UID =
            "[0-9a-f]{8}(?<dash>[-_]?)[0-9a-f]{4}\\k<dash>[0-9a-f]{4}\\k<dash>[0-9a-f]{4}\\k<dash>[0-9a-f]{12}";
    private static final Pattern POD =
            Pattern.compile("(?:.*-)?pod(?<uid>" + UID + ")(?:\\.slice)?(?::[a-z-]+:(?<container>[0-9a-f]{64}))?");
    private static final Pattern CONTAINER =
            Pattern.compile("(?:(?!.*conmon)[a-z-]+-)?(?<container>[0-9a-f]{64})(?:\\.scope)?");

    private CgroupPath() {}

    /** @param path from the root of the hierarchy, separated by slashes */
    static Container container(String path) {
        String pod = "";
        String container = "";
        for (String part : path.split("/")) {
            Matcher matcher = POD.matcher(part);
            if (pod.isEmpty() && matcher.matches()) {
                pod = matcher.group("uid").replace('_', '-');
                // a node that is a container itself has its own id further up
                container = matcher.group("container") == null ? "" : matcher.group("container");
                continue;
            }
            matcher = CONTAINER.matcher(part);
            if (container.isEmpty() && matcher.matches()) {
                container = matcher.group("container");
            }
        }
        return pod.isEmpty() && container.isEmpty() ? Container.NONE : new Container(pod, container);
    }
}
