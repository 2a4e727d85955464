{{- /* What everything is labelled with, besides what selects it. */ -}}
{{- define "traversion.labels" -}}
app.kubernetes.io/name: traversion
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "traversion.operatorLabels" -}}
app.kubernetes.io/name: traversion
app.kubernetes.io/component: operator
{{- end -}}

{{- /* The full name of an image: a dictionary with the root and one of the values' images. */ -}}
{{- define "traversion.image" -}}
{{- with .root.Values.imageRegistry }}{{ . }}/{{ end }}{{ .image.repository }}
{{- if .image.digest }}@{{ .image.digest }}{{ else }}:{{ .image.tag | default .root.Chart.AppVersion }}{{ end }}
{{- end -}}
