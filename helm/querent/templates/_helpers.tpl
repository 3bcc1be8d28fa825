{{- define "querent.name" -}}
{{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* 52 characters: what is added to it, and the suffix of a pod, fit into 63. A Service's begins with a letter and has no
dot, unlike a release's. */}}
{{- define "querent.fullname" -}}
{{- $name := include "querent.name" . -}}
{{- $full := printf "%s-%s" .Release.Name $name -}}
{{- if .Values.fullnameOverride -}}
{{- $full = .Values.fullnameOverride -}}
{{- else if contains $name .Release.Name -}}
{{- $full = .Release.Name -}}
{{- end -}}
{{- if regexMatch `^[0-9]` $full }}{{ $full = printf "querent-%s" (trimSuffix "-querent" $full) }}{{ end -}}
{{ $full | replace "." "-" | trunc 52 | trimAll "-" }}
{{- end }}

{{/* What the pods of this release have, and the one of `helm test` has not. */}}
{{- define "querent.selectorLabels" -}}
app.kubernetes.io/name: {{ include "querent.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: querier
{{- end }}

{{/* dict "root" $ "more" (labels of this document alone). Of those with one name the chart's own counts, then "more". */}}
{{- define "querent.labels" -}}
{{- $own := include "querent.selectorLabels" .root | fromYaml -}}
{{- $chart := .root.Chart -}}
{{- $_ := set $own "helm.sh/chart" (printf "%s-%s" $chart.Name $chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-") -}}
{{- $_ := set $own "app.kubernetes.io/version" $chart.AppVersion -}}
{{- $_ := set $own "app.kubernetes.io/managed-by" .root.Release.Service -}}
{{ toYaml (merge $own (default dict .more) .root.Values.commonLabels) }}
{{- end }}

{{- define "querent.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}
{{ printf "%s@%s" $image.repository $image.digest }}
{{- else -}}
{{ printf "%s:%s" $image.repository (default .Chart.AppVersion $image.tag) }}
{{- end -}}
{{- end }}

{{/* A list of addresses, one a line; nothing: HTTP is off. YAML reads off as false. */}}
{{- define "querent.listen" -}}
{{- $said := .Values.web.listen_address -}}
{{- if kindIs "slice" $said }}{{ $said = join "\n" $said }}{{ end -}}
{{- if not (has $said (list "off" false)) -}}
{{ $said }}
{{- end -}}
{{- end }}

{{/* Of an address to listen on: what is before the port, an IPv6 address without its brackets. */}}
{{- define "querent.hostOf" -}}
{{ regexReplaceAll `:[0-9]+$` . "" | trimAll "[]" }}
{{- end }}

{{/* Of the first address: nothing where it is all of the machine's. */}}
{{- define "querent.host" -}}
{{- $host := splitList "\n" (include "querent.listen" .) | first | include "querent.hostOf" -}}
{{- if not (has $host (list "0.0.0.0" "::")) }}{{ $host }}{{ end -}}
{{- end }}

{{/* The same, for whoever is on the node itself. */}}
{{- define "querent.near" -}}
{{- $loopback := ternary "::1" "127.0.0.1" (include "querent.listen" . | hasPrefix "[") -}}
{{ include "querent.host" . | default $loopback }}
{{- end }}

{{/* Nobody else reaches it. */}}
{{- define "querent.isLocal" -}}
{{- $host := include "querent.host" . -}}
{{- if or (hasPrefix "127." $host) (eq $host "::1") }}yes{{ end -}}
{{- end }}

{{- define "querent.port" -}}
{{ splitList "\n" (include "querent.listen" .) | first | splitList ":" | last }}
{{- end }}

{{/* Of a host, as in URLs. */}}
{{- define "querent.inUrl" -}}
{{ ternary (printf "[%s]" .) . (contains ":" .) }}
{{- end }}

{{/* Where `querent health` finds it, on the node itself. */}}
{{- define "querent.url" -}}
{{ printf "http://%s:%s" (include "querent.near" . | include "querent.inUrl") (include "querent.port" .) }}
{{- end }}

{{/* NAME:PASSWORD for those who ask: `querent health` in probes and in the test. */}}
{{- define "querent.credentials" -}}
{{- with .Values.basicAuth -}}
- name: PROBE_USERNAME
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret | quote }}
      key: {{ .usernameKey | quote }}
- name: PROBE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret | quote }}
      key: {{ .passwordKey | quote }}
- name: QUERENT_USER
  value: $(PROBE_USERNAME):$(PROBE_PASSWORD)
{{- end }}
{{- end }}

{{/* dict "root" $ "probe" (values) "path" (of HTTP) "command" (that asks the same, and can say a password) */}}
{{- define "querent.probe" -}}
{{- if .root.Values.basicAuth.existingSecret -}}
exec:
  command: {{ toJson .command }}
{{- else -}}
httpGet:
  path: {{ .path }}
  port: http
  {{- /* Of :PORT and 0.0.0.0:PORT the pod's own, which Kubernetes takes by itself. */}}
  {{- if or (include "querent.host" .root) (include "querent.listen" .root | hasPrefix "[") }}
  host: {{ include "querent.near" .root | quote }}
  {{- end }}
{{- end }}
periodSeconds: {{ .probe.periodSeconds }}
timeoutSeconds: {{ .probe.timeoutSeconds }}
failureThreshold: {{ .probe.failureThreshold }}
{{- end }}

{{/* The endpoint of a monitor: dict "root" $ "monitor" (values). The job is what the rules call it, the instance the
node, so that a new pod continues the series of the old one. */}}
{{- define "querent.endpoint" -}}
- port: http
  path: /metrics
  {{- with .monitor.interval }}
  interval: {{ . | quote }}
  {{- end }}
  {{- with .monitor.scrapeTimeout }}
  scrapeTimeout: {{ . | quote }}
  {{- end }}
  {{- with .root.Values.basicAuth }}
  {{- if .existingSecret }}
  basicAuth:
    username:
      name: {{ .existingSecret | quote }}
      key: {{ .usernameKey | quote }}
    password:
      name: {{ .existingSecret | quote }}
      key: {{ .passwordKey | quote }}
  {{- end }}
  {{- end }}
  relabelings:
    - targetLabel: job
      replacement: querent
    - sourceLabels: [__meta_kubernetes_pod_node_name]
      targetLabel: instance
    {{- with .monitor.relabelings }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .monitor.metricRelabelings }}
  metricRelabelings:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* Metadata of what may live in another namespace: dict "root" $ "values" (its values) */}}
{{- define "querent.metadata" -}}
name: {{ include "querent.fullname" .root | quote }}
namespace: {{ default .root.Release.Namespace .values.namespace | quote }}
labels:
  {{- include "querent.labels" (dict "root" .root "more" .values.labels) | nindent 2 }}
{{- end }}
