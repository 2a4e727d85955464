/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import dev.traversion.analysis.diff.FieldOwner;
import java.util.Set;

/**
 * Who made a change, as the object's managedFields claim.
 *
 * @param manager such as {@code kubectl-client-side-apply}
 * @param operation Apply or Update; {@code ""} if unknown
 * @param time RFC 3339; {@code ""} if unknown
 * @param via what stands behind it, such as {@code Helm release web revision 4}; {@code ""} if nothing says so
 */
public record Actor(String manager, String operation, String time, String via) {

    /** The cluster's own components, which only do what something else asked for. */
    private static final Set<String> CONTROLLERS = Set.of(
            "kube-controller-manager",
            "kube-scheduler",
            "kubelet",
            "kube-apiserver",
            "cloud-controller-manager",
            "kube-proxy",
            "endpoint-controller",
            "endpointslice-controller",
            "clusterrole-aggregation-controller");

    static Actor of(FieldOwner owner, String via) {
        return owner == null ? null : new Actor(owner.manager(), owner.operation(), owner.time(), via);
    }

    /** Whether it stands outside of the cluster's controllers. */
    public boolean isOutside() {
        return !CONTROLLERS.contains(manager);
    }
}
