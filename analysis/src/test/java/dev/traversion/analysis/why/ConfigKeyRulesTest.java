/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which keys of a ConfigMap or Secret a container reads, and which of several that were changed at once is the one. */
class ConfigKeyRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";
    private static final String IMAGE = "B web CHANGED spec.template.spec.containers[name=web].image";

    private static final String VARIABLES =
            "env: [{name: 'LEDGER', valueFrom: {%1$s: {name: 'c', key: 'one'}}}, {name: 'AUDIT', valueFrom: {%1$s:"
                    + " {name: 'c', key: 'two'}}}]";

    /** Data that is changed at second 10, and what reads it is made anew. */
    private static String changed(String type, String before, String after) {
        return "-20 is " + type + "/c {data: {" + before + "}}\n10 is " + type + "/c {data: {" + after + "}}\n";
    }

    private static String read(String reads, String said) {
        return "-10 base web {image: 'web:1', " + reads + "}\n20 rollout web b {image: 'web:2', " + reads
                + "} crashed Error " + said + "\n";
    }

    @Test
    void aMapThatIsAVariableAndAFolderIsReadAsAWholeUnlessTheFolderTakesSomeKeysOnly() throws Exception {
        String spec = "containers: [{name: 'web', env: [{name: 'LEVEL', valueFrom: {configMapKeyRef: {name: 'c', key:"
                + " 'level'}}}]}]%s";
        String folder = ", volumes: [{name: 'v', configMap: {name: 'c'%s}}]";
        String other = changed("configmaps", "level: 'a', 'app.conf': 'x'", "level: 'a', 'app.conf': 'y'");
        String field = "B c CHANGED data[\"app.conf\"]";
        assertThat(links("config-content", WEB, other + made(spec.formatted(folder.formatted("")))))
                .containsExactly(field);

        assertThat(links("config-content", WEB, other + made(spec.formatted(""))))
                .as("it is a variable only")
                .isEmpty();
        String items = ", items: [{key: '%s', path: 'p'}]";
        assertThat(links(
                        "config-content",
                        WEB,
                        other + made(spec.formatted(folder.formatted(items.formatted("app.conf"))))))
                .containsExactly(field);
        assertThat(links(
                        "config-content", WEB, other + made(spec.formatted(folder.formatted(items.formatted("more"))))))
                .isEmpty();

        String both = changed("configmaps", "level: 'a', more: 'x'", "level: 'b', more: 'y'");
        assertThat(links("config-content", WEB, both + made(spec.formatted(folder.formatted(items.formatted("else"))))))
                .as("the variable is read all the same")
                .containsExactly("B c CHANGED data.level");
        assertThat(links("config-content", WEB, both + made(spec.formatted(folder.formatted("")))))
                .as("each of them once")
                .containsExactlyInAnyOrder("B c CHANGED data.level", "B c CHANGED data.more");
    }

    private static String made(String spec) {
        return rollout(spec, spec, Story.crashed(30, "Error", "bad"));
    }

    @Test
    void aKeyWhoseVariableTheMessageNamesComesBeforeAnImage() throws Exception {
        for (String type : List.of("secrets", "configmaps")) {
            String reads = VARIABLES.formatted(type.equals("secrets") ? "secretKeyRef" : "configMapKeyRef");
            String data = changed(type, "one: 'a', two: 'b'", "one: 'k', two: 'l'");
            assertThat(causes(WEB, data + read(reads, "LEDGER is of no use")))
                    .startsWith("B c CHANGED data.one", IMAGE);
            assertThat(causes(WEB, data + read(reads, "AUDIT is of no use"))).startsWith("B c CHANGED data.two", IMAGE);

            assertThat(causes(WEB, data + read(reads, "MAILER is of no use")))
                    .as("another variable")
                    .startsWith(IMAGE);
            assertThat(causes(WEB, data.replace("two: 'l'", "two: 'b'") + read(reads, "AUDIT is of no use")))
                    .as("its key is as it was")
                    .startsWith(IMAGE);
        }
        String crossed = changed("secrets", "one: 'a', two: 'b'", "one: 'k', two: 'l'")
                + read(VARIABLES.formatted("configMapKeyRef"), "LEDGER is of no use");
        assertThat(causes(WEB, crossed))
                .as("it is made of a ConfigMap of that name")
                .noneMatch(cause -> cause.contains(" c "));
    }

    @Test
    void aKeyWhoseNewValueBroughtAWordOfTheMessageComesBeforeOthers() throws Exception {
        String reads = "envFrom: [{configMapRef: {name: 'c'}}]";
        String data = changed(
                "configmaps",
                "app: 'peer:\\n  host: near.example.com\\n  path: even', level: 'low'",
                "app: 'peer:\\n  host: away.example.com\\n  path: even', level: 'high'");
        assertThat(causes(WEB, data + read(reads, "cannot call away.example.com")))
                .startsWith("B c CHANGED data.app", IMAGE);

        assertThat(causes(WEB, data + read(reads, "cannot call near.example.com")))
                .as("it names that no more")
                .startsWith(IMAGE);
        assertThat(causes(WEB, data + read(reads, "it is not even so")))
                .as("that was there before")
                .startsWith(IMAGE);
        assertThat(causes(WEB, data + read(reads, "cannot call faraway.example.com")))
                .as("a part of a longer word")
                .startsWith(IMAGE);
    }

    @Test
    void ofAnArgumentListThatIsTooLongTheKeyIsTheCauseThatIsLongerThanAVariableMayBe() throws Exception {
        String reads = "envFrom: [{configMapRef: {name: 'c'}}]";
        String data = changed(
                "configmaps",
                "entries: 'a', other: 'b'",
                "entries: '" + "x".repeat(131_001) + "', other: '" + "y".repeat(131_000) + "'");
        String said = "sh: app: argument list too long";
        assertThat(causes(WEB, data + read(reads, said))).startsWith("B c CHANGED data.entries", IMAGE);

        assertThat(causes(WEB, data.replace("xx", "x") + read(reads, said)))
                .as("both are short enough")
                .startsWith(IMAGE);
        assertThat(causes(WEB, data + read(reads, "sh: app: out of luck"))).startsWith(IMAGE);
    }

    @Test
    void aKeyNamedLikeACertificateFitsAMessageAboutTrust() throws Exception {
        String reads = "envFrom: [{configMapRef: {name: 'c'}}]";
        String data = changed(
                "configmaps", "REGION: 'a', SSL_CERT_FILE: '/etc/a.pem'", "REGION: 'b', SSL_CERT_FILE: '/etc/b.pem'");
        assertThat(causes(WEB, data + read(reads, "x509: signed by unknown authority")))
                .startsWith("B c CHANGED data.SSL_CERT_FILE", IMAGE);

        assertThat(causes(WEB, data + read(reads, "signed by nobody"))).startsWith(IMAGE);
        assertThat(causes(
                        WEB,
                        data.replace("SSL_CERT_FILE", "LOCAL_FILE") + read(reads, "x509: signed by unknown authority")))
                .startsWith(IMAGE);
    }

    @Test
    void aKeyNamedLikeACountFitsAContainerThatComesToItsEnd() throws Exception {
        String spec = "containers: [{name: 'web', image: 'web:%d', envFrom: [{configMapRef: {name: 'c'}}]}]";
        String data = changed("configmaps", "REGION: 'a', COUNT: '0'", "REGION: 'b', COUNT: '5'");
        String failed = Story.crashed(30, "Completed", "");
        String done = failed.replace("\"exitCode\":1", "\"exitCode\":0");
        assertThat(causes(WEB, data + rollout(spec.formatted(1), spec.formatted(2), done)))
                .startsWith("B c CHANGED data.COUNT", IMAGE);

        assertThat(causes(WEB, data + rollout(spec.formatted(1), spec.formatted(2), failed)))
                .as("it failed")
                .startsWith(IMAGE);
        assertThat(causes(WEB, data.replace("COUNT", "COLOUR") + rollout(spec.formatted(1), spec.formatted(2), done)))
                .startsWith(IMAGE);
    }
}
