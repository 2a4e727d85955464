/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Addresses.Meaning;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;

/** A Service that is only another name. */
final class ExternalName extends PlainRule {

    ExternalName() {
        super(
                "external-name",
                "A failing container names a Service that stands for another name, which was changed. Proved if a Service answers to what"
                        + " it stood for before, and it stands since for one of the cluster that is not there.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        String namespace = trouble.about().key().namespace();
        for (ObjectKey service :
                Addresses.named(world, namespace, trouble.about().get("spec"))) {
            for (Change change : world.changes(service)) {
                boolean isName =
                        change.path().equals("spec.externalName") && change.operation() == Change.Operation.CHANGED;
                if (isName && Rule.precedes(change.at(), trouble)) {
                    // Whatever is outside of the cluster may answer.
                    boolean isProved = Fields.stands(world, change, trouble.from())
                            && meaning(world, service, change.old(), trouble.from()) == Meaning.SERVED
                            && meaning(world, service, change.now(), trouble.from()) == Meaning.UNSERVED;
                    links.add(Link.to(
                            change,
                            isProved ? Tier.A : Tier.B,
                            isProved ? 0.96 : 0.85,
                            "the container names the Service " + service.path()
                                    + ", which stands for another name since"));
                }
            }
        }
        return links;
    }

    private static Meaning meaning(World world, ObjectKey service, JsonNode name, long time) {
        return name == null ? Meaning.NONE : Addresses.meaning(world, service.namespace(), name.asText(), time);
    }
}
