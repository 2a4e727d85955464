/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Addresses.Meaning;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.Optional;

/** An address to which nobody answers. */
final class PeerAddress extends TemplateRule {

    PeerAddress() {
        super(
                "peer-address",
                "The command, arguments or environment of a container name an address in the cluster. Proved if a Service answers to"
                        + " what they named before, and none to what they name since.",
                RUNNING);
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        if (!field.isOf(trouble) || !field.starts("env", "args", "command")) {
            return Optional.empty();
        }
        String namespace = field.change().key().namespace();
        Meaning now = meaning(world, namespace, field.change().now(), trouble.from());
        Meaning old = meaning(world, namespace, field.change().old(), trouble.from());
        Meaning then =
                meaning(world, namespace, field.change().now(), field.change().at());
        // What answered when it was named first has gone since, which is another cause.
        if (now != Meaning.UNSERVED || then == Meaning.SERVED || old == Meaning.UNSERVED) {
            return Optional.empty();
        }
        return Optional.of(Link.to(
                field.change(),
                old == Meaning.SERVED ? Tier.A : Tier.B,
                0.95,
                "no Service answers to the address that it names"));
    }

    private static Meaning meaning(World world, String namespace, JsonNode value, long time) {
        Meaning meaning = Meaning.NONE;
        if (value == null) {
            return meaning;
        }
        if (value.isTextual()) {
            return Addresses.meaning(world, namespace, value.asText(), time);
        }
        for (JsonNode each : value) {
            JsonNode text = each.isObject() ? each.path("value") : each;
            Meaning its = text.isTextual() ? Addresses.meaning(world, namespace, text.asText(), time) : Meaning.NONE;
            meaning = its == Meaning.UNSERVED || meaning == Meaning.NONE ? its : meaning;
        }
        return meaning;
    }
}
