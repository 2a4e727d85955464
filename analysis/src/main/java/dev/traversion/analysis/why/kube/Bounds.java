/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Map;

/** What LimitRanges allow. */
public final class Bounds {

    private Bounds() {}

    /** Whether a pod with this spec is within all bounds of a LimitRange; what it does not say gets defaults, which are. */
    public static boolean allow(JsonNode range, JsonNode spec) {
        for (JsonNode limit : range.path("spec").path("limits")) {
            String type = limit.path("type").asText();
            if (type.equals("Container")) {
                for (JsonNode container : Pods.containers(spec)) {
                    if (!allows(limit, container.path("resources"))) {
                        return false;
                    }
                }
            } else if (type.equals("Pod") && !allowsSum(limit, spec)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a LimitRange admits the claims of some templates. */
    public static boolean allowClaims(JsonNode range, JsonNode claims) {
        for (JsonNode limit : range.path("spec").path("limits")) {
            boolean isOfClaims = limit.path("type").asText().equals("PersistentVolumeClaim");
            for (JsonNode claim : isOfClaims ? claims : MissingNode.getInstance()) {
                if (!allows(limit, claim.path("spec").path("resources"))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean allows(JsonNode limit, JsonNode resources) {
        for (Map.Entry<String, JsonNode> most : limit.path("max").properties()) {
            double asked = Quantities.of(
                    resources.path("limits").path(most.getKey()),
                    Quantities.of(resources.path("requests").path(most.getKey()), 0));
            if (asked > Quantities.of(most.getValue().asText()) * 1.000001) {
                return false;
            }
        }
        for (Map.Entry<String, JsonNode> least : limit.path("min").properties()) {
            double asked = Quantities.of(
                    resources.path("requests").path(least.getKey()),
                    Quantities.of(resources.path("limits").path(least.getKey()), Double.POSITIVE_INFINITY));
            if (asked < Quantities.of(least.getValue().asText()) * 0.999999) {
                return false;
            }
        }
        for (Map.Entry<String, JsonNode> ratio :
                limit.path("maxLimitRequestRatio").properties()) {
            double request = Quantities.of(resources.path("requests").path(ratio.getKey()), 0);
            double most = Quantities.of(resources.path("limits").path(ratio.getKey()), 0);
            if (request > 0 && most / request > Quantities.of(ratio.getValue().asText()) * 1.000001) {
                return false;
            }
        }
        return true;
    }

    private static boolean allowsSum(JsonNode limit, JsonNode spec) {
        for (Map.Entry<String, JsonNode> most : limit.path("max").properties()) {
            double sum = 0;
            for (JsonNode container : spec.path("containers")) {
                sum += Quantities.of(container.path("resources").path("limits").path(most.getKey()), 0);
            }
            if (sum > Quantities.of(most.getValue().asText()) * 1.000001) {
                return false;
            }
        }
        for (Map.Entry<String, JsonNode> least : limit.path("min").properties()) {
            double sum = Pods.request(spec, least.getKey());
            if (sum > 0 && sum < Quantities.of(least.getValue().asText()) * 0.999999) {
                return false;
            }
        }
        return true;
    }
}
