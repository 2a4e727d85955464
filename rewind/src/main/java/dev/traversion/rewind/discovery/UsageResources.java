/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.discovery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.rewind.discovery.Discovery.ApiVersion;
import java.util.List;

/** How discovery shows what pods and nodes used: as a metrics server does. */
final class UsageResources {

    static final String GROUP = "metrics.k8s.io";

    private UsageResources() {}

    static ApiVersion version() {
        return new ApiVersion(
                GROUP,
                "v1beta1",
                List.of(resource("nodes", "NodeMetrics", "Cluster"), resource("pods", "PodMetrics", "Namespaced")));
    }

    private static ObjectNode resource(String name, String kind, String scope) {
        ObjectNode resource = JsonNodeFactory.instance.objectNode();
        resource.put("resource", name);
        resource.putObject("responseKind").put("group", "").put("version", "").put("kind", kind);
        resource.put("scope", scope).put("singularResource", "");
        resource.putArray("verbs").add("get").add("list");
        return resource;
    }
}
