/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An image that cannot be had, or that does not work. */
final class ContainerImage extends TemplateRule {

    /** So many pods that are alike are looked at. */
    private static final int MOST = 20;

    ContainerImage() {
        super(
                "container-image",
                "An image that was changed cannot be pulled, or the container made of it fails; the message names it. Near only if another"
                        + " workload is ready with the same image. Proved if the node has the image,"
                        + " and it is to be pulled all the same since.",
                Set.of(
                        What.IMAGE_UNAVAILABLE,
                        What.START_FAILED,
                        What.CRASHED,
                        What.OUT_OF_MEMORY,
                        What.READINESS_FAILED,
                        What.LIVENESS_FAILED,
                        What.STARTUP_FAILED));
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        boolean pull = trouble.what() == What.IMAGE_UNAVAILABLE;
        if (!field.isOf(trouble) || !(field.starts("image") || (pull && field.starts("imagePullPolicy")))) {
            return Optional.empty();
        }
        boolean isThere = pull && isOnNode(world, trouble);
        boolean asksAlways = field.starts("imagePullPolicy")
                && field.change().now() != null
                && field.change().now().asText().equals("Always");
        if (isThere && asksAlways) {
            return Optional.of(Link.to(
                    field.change(), Tier.A, 1, "the node has the image, and may not take it without asking since"));
        }
        boolean named = field.change().now() != null
                && trouble.text().contains(field.change().now().asText());
        boolean isWell = !pull && isRunElsewhere(world, trouble);
        double strength = pull ? (named ? 1 : 0.8) : isWell ? 0.5 : 0.65;
        return Optional.of(Link.to(
                field.change(),
                isWell ? Tier.C : Tier.B,
                strength,
                pull ? "the image cannot be pulled" : "the container runs another image since"));
    }

    /** Whether a container's image is on its node. */
    private static boolean isOnNode(World world, Trouble trouble) {
        JsonNode spec = trouble.about().get("spec");
        JsonNode image = Pods.container(spec, trouble.container()).path("image");
        ObjectKey node = new ObjectKey(Types.NODES, "", spec.path("nodeName").asText(""));
        JsonNode images = world.at(node, trouble.from())
                .map(version -> version.get("status", "images"))
                .orElse(MissingNode.getInstance());
        for (JsonNode each : images) {
            for (JsonNode name : each.path("names")) {
                if (name.equals(image)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether a pod of another workload of the namespace is ready with the image. */
    private static boolean isRunElsewhere(World world, Trouble trouble) {
        Version pod = trouble.about();
        JsonNode image = Pods.container(pod.get("spec"), trouble.container()).path("image");
        ObjectKey own = Templates.maker(world, pod).key();
        for (List<ObjectKey> pods : world.alike(Types.PODS, pod.key().namespace())) {
            Version one = world.versions(pods.getFirst()).getFirst();
            boolean runs = Pods.containers(one.get("spec")).stream()
                    .anyMatch(each -> each.path("image").equals(image));
            boolean isReady = runs
                    && !Templates.maker(world, one).key().equals(own)
                    && pods.stream().limit(MOST).anyMatch(key -> world.at(key, trouble.from())
                            .filter(Pods::isReady)
                            .isPresent());
            if (isReady) {
                return true;
            }
        }
        return false;
    }
}
