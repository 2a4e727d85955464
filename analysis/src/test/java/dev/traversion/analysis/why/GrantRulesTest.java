/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rules about permissions and tokens that were changed: what took something away, and what did not. */
class GrantRulesTest extends RulesTest {

    private static final String WEB = "deployments.apps/web";

    private static final String UNKNOWN =
            "answered 401: {\\\"kind\\\":\\\"Status\\\",\\\"reason\\\":\\\"Unauthorized\\\"}";

    private static String token(String more) {
        return ("volumes: [{name: 'identity', projected: {sources: [{serviceAccountToken: {path: 'token'%s}}]}}, {name: 'other',"
                        + " projected: {sources: [{serviceAccountToken: {path: 'token'}}]}}], containers: [{name: 'web',"
                        + " volumeMounts: [{name: 'identity'}]}]")
                .formatted(more);
    }

    @Test
    void aRoleThatAllowsLessMayBeTheCauseButNotOneThatAllowsMore() throws Exception {
        String told = """
                        -10 is roles.rbac.authorization.k8s.io/reader {rules: [{apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list']}]}
                        -10 is rolebindings.rbac.authorization.k8s.io/b {roleRef: {kind: 'Role', name: 'reader'}, subjects: [{kind: 'ServiceAccount', name: 'default'}]}
                        -10 base web {image: 'web:1'}
                        20 is roles.rbac.authorization.k8s.io/reader {rules: [{apiGroups: [''], resources: ['configmaps'], %s}]}
                        40 pod web {image: 'web:1'} crashed Error bad
                        """;
        assertThat(links("grants", WEB, told.formatted("verbs: ['get', 'watch']")))
                .containsExactly("B reader CHANGED rules[0].verbs[1]");
        assertThat(links("grants", WEB, told.formatted("verbs: ['get', 'list', 'watch'], resourceNames: ['*']")))
                .as("a name is a name")
                .isNotEmpty();

        assertThat(links("grants", WEB, told.formatted("verbs: ['get', 'list', 'watch']")))
                .isEmpty();
        assertThat(links("grants", WEB, told.formatted("verbs: ['*']"))).isEmpty();
    }

    @Test
    void anotherAudienceExplainsWhoIsNotKnownButOnlyOfAVolumeThatIsMounted() throws Exception {
        String status = Story.crashed(40, "Error", UNKNOWN);
        String audience = ", audience: 'vault.example.com'";
        assertThat(links("token-audience", WEB, rollout(token(""), token(audience), status)))
                .containsExactly(
                        "B web CHANGED spec.template.spec.volumes[name=identity].projected.sources[0].serviceAccountToken.audience");

        String other = token(audience).replace("volumeMounts: [{name: 'identity'}]", "volumeMounts: [{name: 'other'}]");
        assertThat(links("token-audience", WEB, rollout(other.replace(audience, ""), other, status)))
                .isEmpty();
        assertThat(links("token-audience", WEB, rollout(token(""), token(", expirationSeconds: 600"), status)))
                .isEmpty();
    }

    @Test
    void anotherAudienceIsWhatA401IsByNotARoleThatLostSomething() throws Exception {
        String roles = """
                        -10 is roles.rbac.authorization.k8s.io/reader {rules: [{apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list']}]}
                        -10 is rolebindings.rbac.authorization.k8s.io/b {roleRef: {kind: 'Role', name: 'reader'}, subjects: [{kind: 'ServiceAccount', name: 'default'}]}
                        19 is roles.rbac.authorization.k8s.io/reader {rules: [{apiGroups: [''], resources: ['configmaps'], verbs: ['get']}]}
                        """;
        String told = roles + rollout(token(""), token(", audience: 'vault'"), Story.crashed(40, "Error", UNKNOWN));
        assertThat(causes(WEB, told)).first().asString().contains("audience");

        String forbidden = told.replace(UNKNOWN, "answered 403: forbidden");
        assertThat(causes(WEB, forbidden)).first().asString().contains("rules[0].verbs");
    }

    @Test
    void ofABindingWhoseSubjectsAndLabelsWereChangedAtOnceOnlyTheSubjectsCount() throws Exception {
        String binding =
                "is rolebindings.rbac.authorization.k8s.io/b {metadata: {labels: {part: '%s'}}, roleRef: {kind:"
                        + " 'Role', name: 'reader'}, subjects: [{kind: 'ServiceAccount', name: '%s'}]}\n";
        String tale = """
            -10 is roles.rbac.authorization.k8s.io/reader {rules: [{apiGroups: [''], resources: ['configmaps'], verbs: ['get']}]}
            -10 base web {image: 'web:1'}
            40 pod web {image: 'web:1'} crashed Error bad
            """ + "-10 " + binding.formatted("one", "default") + "20 " + binding;
        assertThat(links("grants", WEB, tale.formatted("two", "other")))
                .isNotEmpty()
                .allMatch(link -> link.startsWith("B b CHANGED subjects"));
        assertThat(links("grants", WEB, tale.formatted("two", "default"))).isEmpty();
    }
}
