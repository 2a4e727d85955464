/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Quantities;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.List;

/** What pods ask for where their template says nothing, since a LimitRange says so: quotas count it like what is asked for. */
final class QuotaDefaults {

    private QuotaDefaults() {}

    /**
     * The change of a LimitRange by which something was refused.
     *
     * @param requested such as {@code limits.memory=320Mi}
     * @param used the same of all that there was
     * @param limited the same of the quota
     */
    static void ofRanges(
            World world, Trouble trouble, String requested, String used, String limited, List<Link> links) {
        String namespace = trouble.about().key().namespace();
        JsonNode spec = Pods.template(trouble.about().body()).path("spec");
        for (Change change : world.changes(Types.LIMIT_RANGES, namespace)) {
            boolean isTold = change.operation() == Change.Operation.CHANGED
                    && (DefaultRequest.isOf(change.path(), "default")
                            || DefaultRequest.isOf(change.path(), "defaultRequest"))
                    && Rule.precedes(change.at(), trouble)
                    && Fields.stands(world, change, trouble.from());
            if (isTold && isFromIt(spec, change, requested)) {
                boolean isOnly = world.list(Types.LIMIT_RANGES, namespace, trouble.from())
                                .size()
                        == 1;
                // What runs first may ask for more than all that run then.
                boolean isAll = spec.path("initContainers").isEmpty();
                boolean isProved = isOnly && isAll && fits(spec, change, requested, used, limited);
                links.add(Link.to(
                        change,
                        isProved ? Tier.A : Tier.B,
                        isProved ? 1 : 0.65,
                        "pods ask for it by default, and the quota does not leave as much"));
            }
        }
    }

    /** Whether a pod asks for more than before a change, and for just what was refused. */
    private static boolean isFromIt(JsonNode spec, Change change, String requested) {
        boolean isMore = false;
        for (String each : requested.split(",")) {
            double before = asked(spec, change.before(), resource(each));
            isMore |= isAskedFor(spec, change.after(), each) && before < amount(each);
        }
        return isMore;
    }

    /** Whether a pod asks for just so much with the defaults of a LimitRange. */
    private static boolean isAskedFor(JsonNode spec, Version range, String pair) {
        double refused = amount(pair);
        return Math.abs(asked(spec, range, resource(pair)) - refused) <= refused * 1e-6;
    }

    /** Whether what was refused would have been within the quota with the defaults before; what has none is asked for as it is. */
    private static boolean fits(JsonNode spec, Change change, String requested, String used, String limited) {
        for (String each : requested.split(",")) {
            String resource = resource(each);
            boolean isDefault = isAskedFor(spec, change.after(), each);
            double sum =
                    (isDefault ? asked(spec, change.before(), resource) : amount(each)) + Quota.used(used, resource);
            if (sum > Quota.used(limited, resource) * 1.000001) {
                return false;
            }
        }
        return true;
    }

    private static double amount(String pair) {
        return Quantities.of(pair.substring(pair.indexOf('=') + 1));
    }

    private static String resource(String pair) {
        return pair.substring(0, Math.max(0, pair.indexOf('=')));
    }

    /** What the containers of a pod ask for together with the defaults of a LimitRange. */
    private static double asked(JsonNode spec, Version range, String resource) {
        boolean isLimit = resource.startsWith("limits.");
        String name = resource.replaceFirst("^(limits|requests)\\.", "");
        double sum = 0;
        for (JsonNode container : spec.path("containers")) {
            JsonNode resources = container.path("resources");
            JsonNode limit = given(resources, range, "limits", name);
            sum += Quantities.of(isLimit ? limit : request(resources, range, name, limit), 0);
        }
        return sum;
    }

    /** What is asked for: the limit, if only that is said. */
    private static JsonNode request(JsonNode resources, Version range, String name, JsonNode limit) {
        boolean isLimitOnly = resources.path("limits").has(name)
                && !resources.path("requests").has(name);
        JsonNode request = isLimitOnly ? limit : given(resources, range, "requests", name);
        return request == null ? limit : request;
    }

    private static JsonNode given(JsonNode resources, Version range, String list, String name) {
        return resources.path(list).has(name)
                ? resources.path(list).path(name)
                : DefaultRequest.value(range, list, name);
    }
}
