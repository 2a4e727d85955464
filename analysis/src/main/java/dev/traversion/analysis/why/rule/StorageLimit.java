/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Quantities;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A limit of what a pod may write to its node. */
final class StorageLimit extends TemplateRule {

    static final String RESOURCE = "ephemeral-storage";
    /** What has a limit, and how the kubelet says that more than this was written. */
    enum Of {
        VOLUME("Usage of EmptyDir volume \"([^\"]+)\" exceeds the limit \"([^\"]+)\""),
        CONTAINER("Container (\\S+) exceeded its local ephemeral storage limit \"([^\"]+)\""),
        POD("ephemeral local storage usage exceeds the total limit of containers( )([0-9.]+[A-Za-z]*)");

        private final Pattern told;

        Of(String told) {
            this.told = Pattern.compile(told);
        }
    }

    StorageLimit() {
        super(
                "storage-limit",
                "A limit of what an emptyDir may hold, or a container may write, was lowered, or set, and the kubelet evicts the pod for"
                        + " exceeding one. Proved if the eviction names the new limit.",
                Set.of(What.EVICTED));
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        if (field.change().before() == null) {
            return Optional.empty();
        }
        return exceeded(trouble)
                .filter(told -> isOf(field, told.of(), told.name()))
                .flatMap(told -> link(field, told.of(), told.name(), told.limit()));
    }

    /**
     * What an eviction says that was exceeded.
     *
     * @param name of the volume or the container
     */
    record Exceeded(Of of, String name, double limit) {}

    /** Empty if a pod was evicted for what its node lacks, not for more than it may write itself. */
    static Optional<Exceeded> exceeded(Trouble trouble) {
        for (Of of : Of.values()) {
            Matcher told = of.told.matcher(trouble.text());
            if (told.find()) {
                return Optional.of(new Exceeded(of, told.group(1), Quantities.of(told.group(2))));
            }
        }
        return Optional.empty();
    }

    private static boolean isOf(Templates.Field field, Of of, String name) {
        return switch (of) {
            case VOLUME ->
                field.starts("volumes[name=" + name + "]") || field.tail().equals("volumes");
            case CONTAINER -> isLimit(field) && field.container().equals(name);
            case POD -> isLimit(field);
        };
    }

    /** Whether a field is, or may have with it, the limit of what is written. */
    private static boolean isLimit(Templates.Field field) {
        return field.starts("resources.limits." + RESOURCE)
                || List.of("resources", "resources.limits").contains(field.tail());
    }

    private static Optional<Link> link(Templates.Field field, Of of, String name, double limit) {
        double before = limit(spec(field.change().before()), of, name);
        double after = limit(spec(field.change().after()), of, name);
        boolean isTold = Math.abs(after - limit) <= limit * 0.000001;
        return after >= before
                ? Optional.empty()
                : Optional.of(Link.to(
                        field.change(),
                        isTold ? Tier.A : Tier.B,
                        isTold ? 1 : 0.7,
                        "the pod may write less since, and was evicted for writing more"));
    }

    private static JsonNode spec(Version maker) {
        return Pods.template(maker.body()).path("spec");
    }

    /** What may be written by a spec; infinite if it says nothing. */
    static double limit(JsonNode spec, Of of, String name) {
        if (of == Of.VOLUME) {
            return Quantities.of(volume(spec, name).path("emptyDir").path("sizeLimit"), Double.POSITIVE_INFINITY);
        }
        double sum = 0;
        boolean isSet = false;
        for (JsonNode container : spec.path("containers")) {
            if (of == Of.POD || container.path("name").asText().equals(name)) {
                JsonNode limit = container.path("resources").path("limits").path(RESOURCE);
                isSet |= !limit.isMissingNode();
                sum += Quantities.of(limit, 0);
            }
        }
        // Of the whole pod, those that are set count.
        return isSet ? sum : Double.POSITIVE_INFINITY;
    }

    /** A volume by its name; a missing node if there is none. */
    static JsonNode volume(JsonNode spec, String name) {
        for (JsonNode volume : spec.path("volumes")) {
            if (volume.path("name").asText().equals(name)) {
                return volume;
            }
        }
        return MissingNode.getInstance();
    }
}
