/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

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

/** Secrets that the pods of a ServiceAccount may not use. */
final class MountableSecrets extends PlainRule {

    private static final String ENFORCE = "kubernetes.io/enforce-mountable-secrets";

    /** What the API server says; the Secret stands before it in quotes. */
    private static final Pattern REFUSED = Pattern.compile(
            "=\"([a-z0-9.-]+)\" is not allowed because service account ([a-z0-9.-]+) does not reference that");

    MountableSecrets() {
        super(
                "mountable-secrets",
                "A pod was refused because of a Secret that its ServiceAccount does not list, and may only use what it lists. Proved: it"
                        + " might use others, or listed it, until that was changed.",
                Set.of(What.CREATE_REFUSED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Matcher refused = REFUSED.matcher(trouble.text());
        if (!refused.find()) {
            return links;
        }
        String secret = refused.group(1);
        ObjectKey account = new ObjectKey(Types.ACCOUNTS, trouble.about().key().namespace(), refused.group(2));
        for (Change change : world.changes(account)) {
            boolean isIts = change.operation() == Change.Operation.CHANGED
                    && (change.path().startsWith("metadata.annotations")
                            || change.path().matches("(secrets|imagePullSecrets)\\b.*"))
                    && Rule.precedes(change.at(), trouble);
            boolean isProved = isIts
                    && allows(change.before(), secret)
                    && !allows(change.after(), secret)
                    && Fields.stands(world, change, trouble.from(), each -> !allows(each, secret));
            if (isProved) {
                links.add(Link.to(change, Tier.A, 1, "the ServiceAccount's pods may use the Secret no more"));
            }
        }
        return links;
    }

    private static boolean allows(Version account, String secret) {
        boolean isListed = account.get("secrets").findValuesAsText("name").contains(secret)
                || account.get("imagePullSecrets").findValuesAsText("name").contains(secret);
        // Its value may be masked, as of all that is called secret.
        String enforced = account.get("metadata", "annotations", ENFORCE).asText("false");
        return isListed || enforced.equals("false");
    }
}
