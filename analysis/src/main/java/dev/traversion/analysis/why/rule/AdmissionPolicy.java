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
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A ValidatingAdmissionPolicy that refuses a pod. */
final class AdmissionPolicy extends PlainRule {

    private static final Pattern DENIED =
            Pattern.compile("ValidatingAdmissionPolicy '([^']+)' with binding '([^']+)' denied");

    AdmissionPolicy() {
        super(
                "admission-policy",
                "A pod was refused by a ValidatingAdmissionPolicy that was created or changed before, or its binding was; the message names"
                        + " both. Proved if the binding began to deny.",
                Set.of(What.CREATE_REFUSED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Matcher denied = DENIED.matcher(trouble.text());
        if (denied.find()) {
            ObjectKey binding = new ObjectKey(Types.ADMISSION_BINDINGS, "", denied.group(2));
            for (Change change : world.changes(binding)) {
                boolean isWish = change.path().startsWith("spec") || change.operation() == Change.Operation.CREATED;
                if (isWish && Rule.precedes(change.at(), trouble)) {
                    boolean isProved = change.before() != null && !denies(change.before()) && denies(change.after());
                    links.add(Link.to(
                            change, isProved ? Tier.A : Tier.B, 1, "the policy denies, where it did not before"));
                }
            }
            for (Change change : world.changes(new ObjectKey(Types.ADMISSION_POLICIES, "", denied.group(1)))) {
                if (Rule.precedes(change.at(), trouble)) {
                    links.add(Link.to(change, Tier.B, 1, "the policy denies the pod"));
                }
            }
        }
        return links;
    }

    private static boolean denies(Version binding) {
        for (JsonNode action : binding.get("spec", "validationActions")) {
            if (action.asText().equals("Deny")) {
                return true;
            }
        }
        return false;
    }
}
