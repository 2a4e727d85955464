/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;

/** A number by which a Service is called, and that it has no more. */
final class AddressGone extends PlainRule {

    AddressGone() {
        super(
                "address-gone",
                "A failing container names the address, in numbers, of a Service that was deleted, and made anew with another one. Proved:"
                        + " the Service had it before, and nobody has it since.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        String namespace = trouble.about().key().namespace();
        for (String text : Pods.texts(Pods.container(trouble.about().get("spec"), trouble.container()))) {
            for (Addresses.Address address : Addresses.in(text)) {
                if (address.isIp()
                        && Addresses.service(world, namespace, address, trouble.from())
                                .isEmpty()) {
                    gone(world, trouble, address.host(), links);
                }
            }
        }
        return links;
    }

    private static void gone(World world, Trouble trouble, String address, List<Link> links) {
        for (ObjectKey key : Addresses.holders(world, trouble.about().key().namespace(), address)) {
            for (Change change : world.changes(key)) {
                Version before = change.before();
                boolean had = before != null
                        && before.get("spec", "clusterIP").asText("").equals(address);
                boolean has = change.operation() != Change.Operation.DELETED
                        && change.after().get("spec", "clusterIP").asText("").equals(address);
                if (had && !has && Rule.precedes(change.at(), trouble)) {
                    links.add(Link.to(change, Tier.A, 0.95, "nobody has the address " + address + " any more"));
                }
            }
        }
    }
}
