/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The PersistentVolume behind a claim, as the kubelet mounts it. */
final class ClaimedVolume extends PlainRule {

    ClaimedVolume() {
        super(
                "claimed-volume",
                "A pod's volume cannot be mounted, and the PersistentVolume that its claim is bound to was changed before: where it is,"
                        + " or how it is mounted; stronger if the message names it.",
                Set.of(What.MOUNT_FAILED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        String namespace = trouble.about().key().namespace();
        for (JsonNode volume : trouble.about().get("spec", "volumes")) {
            String claim =
                    volume.path("persistentVolumeClaim").path("claimName").asText("");
            String bound = world.at(new ObjectKey(Types.CLAIMS, namespace, claim), trouble.from())
                    .map(each -> each.get("spec", "volumeName").asText(""))
                    .orElse("");
            List<Change> changes = bound.isEmpty() ? List.of() : world.changes(new ObjectKey(Types.VOLUMES, "", bound));
            for (Change change : changes) {
                boolean isMount = change.operation() == Change.Operation.CHANGED
                        && change.path().startsWith("spec.")
                        && !change.path().startsWith("spec.claimRef")
                        && !change.path().startsWith("spec.persistentVolumeReclaimPolicy")
                        && Rule.precedes(change.at(), trouble);
                if (isMount && Fields.stands(world, change, trouble.from())) {
                    boolean isNamed = Rule.names(trouble.text(), bound);
                    links.add(Link.to(
                            change,
                            Tier.B,
                            isNamed ? 0.9 : 0.6,
                            "the volume of the claim " + claim + " is mounted so"));
                }
            }
        }
        return links;
    }
}
