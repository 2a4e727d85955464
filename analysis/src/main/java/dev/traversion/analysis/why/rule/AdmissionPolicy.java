/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
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
                "A pod was refused by a ValidatingAdmissionPolicy that was created or changed before; the message names it.",
                Set.of(What.CREATE_REFUSED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Matcher denied = DENIED.matcher(trouble.text());
        if (denied.find()) {
            for (Change change : world.changes(new ObjectKey(Types.ADMISSION_POLICIES, "", denied.group(1)))) {
                if (Rule.precedes(change.at(), trouble)) {
                    links.add(Link.to(change, Tier.B, 1, "the policy denies the pod"));
                }
            }
        }
        return links;
    }
}
