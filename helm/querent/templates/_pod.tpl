{{/* The pod, of the DaemonSet as of the Deployment. */}}
{{- define "querent.pod" -}}
metadata:
  annotations:
    checksum/config: {{ include "querent.config" . | sha256sum }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  labels:
    {{- include "querent.selectorLabels" . | nindent 4 }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  hostNetwork: true
  dnsPolicy: ClusterFirstWithHostNet
  automountServiceAccountToken: false
  # The variables of a Service called querent-... look like settings.
  enableServiceLinks: false
  {{- with .Values.serviceAccountName }}
  serviceAccountName: {{ . | quote }}
  {{- end }}
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . | quote }}
  {{- end }}
  {{- include "querent.placement" . | nindent 2 }}
  {{- with include "querent.affinity" . }}
  affinity:
    {{- . | nindent 4 }}
  {{- end }}
  securityContext:
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: querent
      {{- include "querent.container" . | nindent 6 }}
  volumes:
    - name: config
      configMap:
        name: {{ include "querent.fullname" . | quote }}
        defaultMode: 292  # 0444
    {{- if .Values.basicAuth.existingSecret }}
    - name: auth
      secret:
        secretName: {{ .Values.basicAuth.existingSecret | quote }}
        defaultMode: 256  # 0400
        items:
          - key: {{ .Values.basicAuth.usersKey | quote }}
            path: users
    {{- end }}
    {{- with .Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{/* Also of the test, which has to go where a querent is. */}}
{{- define "querent.placement" -}}
{{- with .Values.nodeSelector -}}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Two of one Deployment on one node would ask from the same address: never, unless podAntiAffinity is said. */}}
{{- define "querent.affinity" -}}
{{- $affinity := deepCopy .Values.affinity -}}
{{- if and (eq .Values.kind "Deployment") (not (hasKey $affinity "podAntiAffinity")) -}}
{{- $term := dict "topologyKey" "kubernetes.io/hostname" "labelSelector" (dict "matchLabels" (include "querent.selectorLabels" . | fromYaml)) -}}
{{- $_ := set $affinity "podAntiAffinity" (dict "requiredDuringSchedulingIgnoredDuringExecution" (list $term)) -}}
{{- end -}}
{{- with $affinity }}{{ toYaml . }}{{ end -}}
{{- end }}

{{/* User 0, because no file gives capabilities where privileges may not grow: it may open raw sockets, and nothing
else that root may. */}}
{{- define "querent.container" -}}
image: {{ include "querent.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
args:
  - run
  - --config
  - /etc/querent/querent.toml
  {{- with .Values.extraArgs }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with include "querent.env" . }}
env:
  {{- . | trim | nindent 2 }}
{{- end }}
{{- if include "querent.listen" . }}
ports:
  - name: http
    containerPort: {{ include "querent.port" . }}
    protocol: TCP
{{- $path := .Values.livenessProbe.path }}
{{- $lives := ternary (list "querent" "health") (list "querent" "status") (eq $path "/healthz") }}
{{- with .Values.startupProbe }}
{{- if .enabled }}
startupProbe:
  {{- include "querent.probe" (dict "root" $ "probe" . "path" $path "command" $lives) | nindent 2 }}
{{- end }}
{{- end }}
{{- with .Values.livenessProbe }}
{{- if .enabled }}
livenessProbe:
  {{- include "querent.probe" (dict "root" $ "probe" . "path" $path "command" $lives) | nindent 2 }}
{{- end }}
{{- end }}
{{- with .Values.readinessProbe }}
{{- if .enabled }}
readinessProbe:
  {{- include "querent.probe" (dict "root" $ "probe" . "path" "/readyz" "command" (list "querent" "health" "--ready")) | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
resources:
  {{- toYaml .Values.resources | nindent 2 }}
securityContext:
  runAsUser: 0
  runAsGroup: 0
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop:
      - ALL
    add:
      - NET_RAW
volumeMounts:
  - name: config
    mountPath: /etc/querent
    readOnly: true
  {{- if .Values.basicAuth.existingSecret }}
  - name: auth
    mountPath: /etc/querent-auth
    readOnly: true
  {{- end }}
  {{- with .Values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* A raw configuration may say nothing about HTTP, of which the chart has to know. */}}
{{- define "querent.env" -}}
{{- if .Values.config }}
- name: QUERENT_WEB_LISTEN_ADDRESS
  value: {{ include "querent.listen" . | default "off" | replace "\n" "," | quote }}
{{- if .Values.basicAuth.existingSecret }}
- name: QUERENT_WEB_BASIC_AUTH_FILE
  value: /etc/querent-auth/users
{{- end }}
{{- end }}
{{- if .Values.basicAuth.existingSecret }}
{{ include "querent.credentials" . }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}
