/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.moment;

import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.cluster.StoredForm;
import dev.traversion.rewind.cluster.View;
import dev.traversion.rewind.discovery.Discovery;
import dev.traversion.rewind.discovery.ServedResource;
import dev.traversion.rewind.http.ApiPath;
import dev.traversion.rewind.http.StatusFailure;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** Says why something that a live API server would do is not to be had from a recording. */
final class Unserved {

    private static final Set<String> CONNECTING = Set.of("exec", "attach", "portforward", "proxy");

    private Unserved() {}

    /** Throws if there is more to say than that the resource is unknown. */
    static void check(View view, Discovery discovery, ApiPath path, Optional<ServedResource> resource)
            throws IOException {
        String subresource = path.subresource().split("/", 2)[0];
        if (CONNECTING.contains(subresource)) {
            throw StatusFailure.methodNotAllowed(subresource + " needs a running "
                    + path.resource().replaceFirst("s$", "") + "; this is a recording of the cluster and read-only");
        }
        if (resource.isPresent()) {
            return;
        }
        ResourceType type = new ResourceType(path.group(), path.resource());
        if (discovery.isUnrecorded(type)) {
            throw StatusFailure.methodNotAllowed(type + " are not recorded: the cluster finds them out each time it is"
                    + " asked, and cannot be watched for them; ask the cluster itself");
        }
        Optional<StoredForm> stored = StoredForm.of(view.history(), type, view.time());
        if (stored.isPresent()) {
            throw StatusFailure.notServed(type + " was recorded in version "
                    + stored.get().apiVersion() + " and cannot be shown in another; ask for "
                    + stored.get().apiVersion());
        }
    }
}
