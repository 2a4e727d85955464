/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A volume that one pod only may use, and another one has. */
final class SharedVolume extends PlainRule {

    SharedVolume() {
        super(
                "shared-volume",
                "A pod waits for a volume that one pod, or one node, only may use, and that another pod has. Proved if that is an earlier"
                        + " pod of the same Deployment, which ended its pods before it made others until its strategy was changed, or one"
                        + " of those that there were before there were to be more.",
                Set.of(What.UNSCHEDULABLE, What.MOUNT_FAILED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        boolean isSole = trouble.text().contains("ReadWriteOncePod access mode")
                || trouble.text().contains("Multi-Attach error");
        Set<String> claims = isSole ? claims(trouble.about()) : Set.of();
        if (claims.isEmpty()) {
            return links;
        }
        Version own = Templates.maker(world, trouble.about());
        Set<ObjectKey> looked = new LinkedHashSet<>();
        for (List<ObjectKey> alike : world.alike(Types.PODS, own.key().namespace())) {
            if (claims(world.versions(alike.getFirst()).getFirst()).stream().noneMatch(claims::contains)) {
                continue;
            }
            for (ObjectKey key : alike) {
                Version holder = world.at(key, trouble.from()).orElse(null);
                boolean holds = holder != null
                        && !key.equals(trouble.about().key())
                        && !holder.get("spec", "nodeName").asText("").isEmpty()
                        && holder.get("status", "phase").asText().equals("Running")
                        // Of a StatefulSet, each pod has its own.
                        && claims(holder).stream().anyMatch(claims::contains);
                Version maker = holds ? Templates.maker(world, holder) : own;
                if (holds && maker.key().equals(own.key())) {
                    ofOwn(world, own, holder, trouble, links);
                } else if (holds && looked.add(maker.key())) {
                    ofOther(world.changes(maker.key()), maker, trouble, links);
                }
            }
        }
        return links;
    }

    private static Set<String> claims(Version pod) {
        Set<String> found = new LinkedHashSet<>();
        for (JsonNode volume : pod.get("spec", "volumes")) {
            String name = volume.path("persistentVolumeClaim").path("claimName").asText("");
            if (!name.isEmpty()) {
                found.add(name);
            }
        }
        return found;
    }

    private static void ofOwn(World world, Version own, Version holder, Trouble trouble, List<Link> links) {
        boolean isSame = Templates.revision(holder).equals(Templates.revision(trouble.about()));
        for (Change change : world.changes(own.key())) {
            if (change.operation() != Change.Operation.CHANGED || !Rule.precedes(change.at(), trouble)) {
                continue;
            }
            if (!isSame && isOverlap(change) && Fields.stands(world, change, trouble.from())) {
                links.add(Link.to(change, Tier.A, 1, "the next pod is made while the one before has the volume"));
            } else if (isSame
                    && change.path().equals("spec.replicas")
                    && isOne(change.before())
                    && Fields.stands(world, change, trouble.from(), version -> !isOne(version))) {
                links.add(Link.to(change, Tier.A, 0.95, "one pod more is wanted than the volume admits"));
            }
        }
    }

    /** Whether pods are made since before those they replace have ended. */
    private static boolean isOverlap(Change change) {
        return change.path().equals("spec.strategy.type")
                && change.before().get("spec", "strategy", "type").asText().equals("Recreate");
    }

    private static boolean isOne(Version maker) {
        return maker.get("spec", "replicas").asInt(1) <= 1;
    }

    private static void ofOther(List<Change> changes, Version maker, Trouble trouble, List<Link> links) {
        Change last = null;
        for (Change change : changes) {
            boolean isUse = change.operation() == Change.Operation.CREATED
                    || change.path().equals("spec.replicas")
                    || change.path().startsWith(Templates.prefix(maker.body()) + "spec.volumes");
            last = isUse && Rule.precedes(change.at(), trouble) ? change : last;
        }
        if (last != null) {
            links.add(Link.to(last, Tier.B, 0.85, "its pod has the volume that this one waits for"));
        }
    }
}
