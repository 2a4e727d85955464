/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes first where no rule leads back from a trouble. */
class CandidatesTest {

    private static final String WEB = "deployments.apps/web";

    /** Another workload, its settings and its limits, which nothing ties to the one that fails. */
    private static final String OTHERS = """
            -10 base other {image: 'other:1', env: [{name: 'SETTINGS', value: 'theirs'}]}
            -20 is configmaps/theirs {data: {mode: 'a'}}
            34 is configmaps/theirs {data: {mode: 'b'}}
            36 is deployments.apps/other {spec: {replicas: 3, template: {spec: {containers: [{name: 'other', image: 'other:2'}]}}}}
            """;

    @TempDir
    private Path directory;

    private int asked;

    @BeforeEach
    void begin() {
        asked = 0;
    }

    private String first(String tale) throws Exception {
        List<String> all = Tale.candidates(directory.resolve("tale-" + asked++), WEB, OTHERS + tale);
        return all.stream().filter(each -> each.contains(" spec")).findFirst().orElse("none");
    }

    private static String fails(String arguments) {
        return "40 pod web {image: 'web:1', args: [" + arguments + "]} crashed Error it broke\n";
    }

    @Test
    void whatATemplateNamesIsNearerThanWhatNothingTiesToIt() throws Exception {
        String tale = """
                -20 is widgets.example.com/gauge {spec: {size: 1}}
                -10 base web {image: 'web:1', args: ['--widget', 'gauge']}
                30 is widgets.example.com/gauge {spec: {size: 2}}
                """ + fails("'--widget', 'gauge'");
        assertThat(first(tale)).isEqualTo("C gauge CHANGED spec.size");
        assertThat(first(tale.replace("'--widget', 'gauge'", "'--widget', 'dial'")))
                .isNotEqualTo("C gauge CHANGED spec.size");
    }

    @Test
    void whatSelectsItIsTiedButNotWhatSelectsOthers() throws Exception {
        String tale = """
                -20 is services/db@data {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                -20 is widgets.example.com/gauge%1$s {spec: {selector: %2$s, size: 1}}
                -10 base web {image: 'web:1', args: ['http://db.data:80/']}
                30 is widgets.example.com/gauge%1$s {spec: {selector: %2$s, size: 2}}
                """ + fails("'http://db.data:80/'");
        String gauge = "C gauge CHANGED spec.size";
        assertThat(first(tale.formatted("", "{matchLabels: {app: 'web'}}"))).isEqualTo(gauge);
        assertThat(first(tale.formatted("", "{app: 'web'}"))).isEqualTo(gauge);
        assertThat(first(tale.formatted("", "{app: 'dial'}"))).isNotEqualTo(gauge);
        assertThat(first(tale.formatted("", "'app=dial'"))).isNotEqualTo(gauge);
        assertThat(first(tale.formatted("@data", "{matchLabels: {app: 'web'}}")))
                .isNotEqualTo(gauge);
    }

    @Test
    void whatIsNamedByWhatIsNamedIsTiedToo() throws Exception {
        String tale = """
                -20 is widgets.example.com/gauge {spec: {of: 'dial'}}
                -20 is widgets.example.com/dial {spec: {size: 1}}
                -10 base web {image: 'web:1', args: ['--widget', 'gauge']}
                30 is widgets.example.com/dial {spec: {size: 2}}
                """ + fails("'--widget', 'gauge'");
        assertThat(first(tale)).isEqualTo("C dial CHANGED spec.size");
    }

    @Test
    void whatIsSaidOfATroubleTellsWhichTypeIsToBlame() throws Exception {
        String tale = """
                -20 is limitranges/bounds {spec: {limits: [{type: 'Container', max: {cpu: 2}}]}}
                -20 is resourcequotas/budget {spec: {hard: {pods: 9}}}
                -10 base web {image: 'web:1'}
                30 is limitranges/bounds {spec: {limits: [{type: 'Container', max: {cpu: 1}}]}}
                31 is resourcequotas/budget {spec: {hard: {pods: 8}}}
                32 rollout web b {image: 'web:1', workingDir: '/x'} refused
                34 event ReplicaSet/web-b FailedCreate %s
                """;
        assertThat(first(tale.formatted("pods web-b-y is forbidden: exceeded quota of its own kind")))
                .isEqualTo("C budget CHANGED spec.hard.pods");
        assertThat(first(tale.formatted("pods web-b-y is forbidden by bounds")))
                .isEqualTo("C bounds CHANGED spec.limits[type=Container].max.cpu");
    }

    @Test
    void whatAPodWasMadeAndReadyWithComesAfterWhatCameSince() throws Exception {
        String tale = """
                -20 is widgets.example.com/gauge {spec: {size: 1}}
                -20 is widgets.example.com/dial {spec: {size: 1}}
                -10 base web {image: 'web:1', args: ['gauge', 'dial']}
                %d is widgets.example.com/gauge {spec: {size: 2}}
                %d is widgets.example.com/dial {spec: {size: 2}}
                10 rollout web b {image: 'web:1', args: ['dial', 'gauge']} ready
                40 pod web/b {image: 'web:1', args: ['dial', 'gauge']} crashed Error it broke
                """;
        assertThat(first(tale.formatted(9, 30))).isEqualTo("C dial CHANGED spec.size");
        assertThat(first(tale.formatted(30, 9))).isEqualTo("C gauge CHANGED spec.size");
    }

    @Test
    void whatNothingRunsByComesLast() throws Exception {
        String tale = """
                -20 is widgets.example.com/gauge {spec: {size: 1}}
                -10 base web {image: 'web:1', args: ['gauge']}
                30 is widgets.example.com/gauge {spec: {size: 2}}
                38 is deployments.apps/web {metadata: {annotations: {note: 'x'}}, spec: {revisionHistoryLimit: 3, replicas: 1, template: {metadata: {labels: {app: 'web'}}, spec: {containers: [{name: 'web', image: 'web:1', args: ['gauge']}]}}}}
                """ + fails("'gauge'");
        assertThat(first(tale)).isEqualTo("C gauge CHANGED spec.size");
    }

    @Test
    void wholeNamespacesThatAnAddressLeadsToAreLookedInto() throws Exception {
        String tale = """
                -20 is services/db@data {spec: {selector: {app: 'db'}, ports: [{port: 80}]}}
                -20 is widgets.example.com/db@data {spec: {size: 1}}
                -10 base web {image: 'web:1', args: ['http://db.data:80/']}
                30 is widgets.example.com/db@data {spec: {size: 2}}
                """ + fails("'http://db.data:80/'");
        assertThat(first(tale)).isEqualTo("C db CHANGED spec.size");
    }

    @Test
    void whatTheClustersControllersDidIsNamedByWhereItComesFrom() throws Exception {
        String tale = """
                -20 is widgets.example.com/corner {spec: {}}
                -10 base web {image: 'web:1'}
                -10 is configmaps/web {metadata: {ownerReferences: [{apiVersion: 'example.com/v1', kind: 'Widget', name: 'corner', uid: 'u-corner'}]}}
                20 gone widgets.example.com/corner
                22 gone configmaps/web
                30 pod web {image: 'web:1'} crashed Error it failed
                """;
        assertThat(Tale.candidates(directory.resolve("tale-" + asked++), "deployments.apps/web", tale))
                .contains("C corner DELETED")
                .doesNotContain("C web DELETED");
    }
}
