CREATE TABLE "client_tokens" (
	"account_id" text NOT NULL,
	"operation" text NOT NULL,
	"token" text NOT NULL,
	"digest" text NOT NULL,
	"answer" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "client_tokens_account_id_operation_token_pk" PRIMARY KEY("account_id","operation","token")
);
--> statement-breakpoint
ALTER TABLE "client_tokens" ADD CONSTRAINT "client_tokens_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "client_tokens_expires_at_index" ON "client_tokens" USING btree ("expires_at");