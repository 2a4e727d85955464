/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server whose certificate is for another name than the one it is called by. */
final class CertificateNames extends PlainRule {

    /** As Go, OpenSSL, Java and curl say it; with the name that was asked for. */
    private static final Pattern SAID =
            Pattern.compile("(?:certificate is valid for .{1,300}?, not |not valid for any names, but wanted to match "
                    + "|certificate is not valid for |(?:DNS )?name matching |subject name matches target host name )"
                    + "['\"]?([A-Za-z0-9.-]+)");

    /** As Go, OpenSSL, Java, Node.js and curl say it. */
    private static final Pattern UNSIGNED = Pattern.compile(
            "signed by unknown authority|unable to get (?:local )?issuer certificate|self[- ]signed certificate"
                    + "|unable to find valid certification path|unable to verify the first certificate",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern CALLED = Pattern.compile("https://([A-Za-z0-9.-]+)");

    private static final Pattern CERTIFICATE = Pattern.compile("crt|pem|cert");

    CertificateNames() {
        super(
                "certificate-names",
                "A message says that a certificate is not valid for the name that was called, or that nobody known has signed it, and a"
                        + " Secret or ConfigMap with a certificate, which the pods behind the Service of that name read, was changed. What"
                        + " Secrets hold is not recorded: never proved.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Matcher said = SAID.matcher(trouble.text());
        boolean isNamed = said.find();
        Matcher called = CALLED.matcher(trouble.text());
        boolean isUnsigned = !isNamed && UNSIGNED.matcher(trouble.text()).find() && called.find();
        if (!isNamed && !isUnsigned) {
            return links;
        }
        String name = isNamed ? said.group(1) : called.group(1);
        for (ObjectKey service : services(world, trouble, name)) {
            if (ServiceTroubles.podsEver(world, service)
                    .contains(trouble.about().key())) {
                continue;
            }
            for (Change change : AdmissionDrift.sources(world, service)) {
                boolean isHolder = change.key().type().equals(Types.SECRETS)
                        || change.key().type().equals(Types.CONFIG_MAPS);
                String path = change.path().toLowerCase(Locale.ROOT);
                boolean isIt = isHolder
                        && change.operation() != Change.Operation.DELETED
                        && (path.isEmpty()
                                || path.equals("data")
                                || CERTIFICATE.matcher(path).find());
                if (isIt && Rule.precedes(change.at(), trouble)) {
                    links.add(Link.to(
                            change,
                            Tier.B,
                            strength(change, isNamed),
                            "what answers as " + name + " reads its certificate here, and "
                                    + (isNamed
                                            ? "it is for other names"
                                            : "whoever calls does not know who signed it")));
                }
            }
        }
        return links;
    }

    /** Whoever does not know the signer may have been given another list of them, too. */
    private static double strength(Change change, boolean isNamed) {
        boolean isMade = change.operation() == Change.Operation.CREATED;
        return isNamed ? (isMade ? 0.7 : 0.96) : isMade ? 0.4 : 0.9;
    }

    /** That of the name; all that the container names if there is none of it. */
    private static Set<ObjectKey> services(World world, Trouble trouble, String name) {
        String namespace = trouble.about().key().namespace();
        Set<ObjectKey> found = new LinkedHashSet<>();
        for (Addresses.Address address : Addresses.in(name)) {
            Optional<Version> service = Addresses.service(world, namespace, address, trouble.from());
            service.ifPresent(each -> found.add(each.key()));
        }
        return found.isEmpty()
                ? Addresses.named(world, namespace, trouble.about().get("spec"))
                : found;
    }
}
